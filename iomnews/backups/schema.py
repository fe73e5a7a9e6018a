"""The models of a database as it is, whatever version of the newsroom its tables are of."""

from collections.abc import Iterable

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

Migration = tuple[str, str]  # app and name

# What backups leave out: who is signed in, who has a form open, what pages are kept for, and the
# marks of readers, which are to be forgotten within a day (docs/privacy.md).
PASSING = {
    "sessions.session",
    "releases.presence",
    "releases.change",
    "releases.readerkey",
    "releases.recentreader",
}


def applied() -> set[Migration]:
    """The migrations that the database has."""
    return set(MigrationRecorder(connection).applied_migrations())


def known() -> set[Migration]:
    """The migrations that this version of the newsroom has."""
    return set(MigrationLoader(None).disk_migrations)


def models_at(migrations: Iterable[Migration]) -> Apps:
    """The models as they were once `migrations`, all of them `known`, had been applied."""
    loader = MigrationLoader(None)
    state = loader.project_state(_last_of_each(loader, set(migrations)))
    for model in state.apps.get_models(include_auto_created=True):
        model._meta.managed = model._meta.managed and not model._meta.proxy
    return state.apps


def tables(apps: Apps) -> dict[str, type[Model]]:
    """The models whose rows are of worth, by name ("releases.release"), in order."""
    return {name: model for name, model in all_tables(apps).items() if name not in PASSING}


def all_tables(apps: Apps) -> dict[str, type[Model]]:
    """All models that have a table, by name, in order."""
    models = apps.get_models(include_auto_created=True)
    found = {model._meta.label_lower: model for model in models if model._meta.managed}
    return dict(sorted(found.items()))


def go_back_to(migrations: set[Migration]) -> None:
    """Undo what the database has besides `migrations`; its tables must be empty."""
    executor = MigrationExecutor(connection)
    besides = set(executor.loader.applied_migrations) - migrations
    if besides:
        last = dict(_last_of_each(executor.loader, migrations))
        executor.migrate([(app, last.get(app)) for app in sorted({app for app, _name in besides})])


def go_on() -> None:
    """Apply all migrations that this version of the newsroom has."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _last_of_each(loader: MigrationLoader, migrations: set[Migration]) -> list[Migration]:
    """Of each app the last one of `migrations`."""
    last = []
    for key in sorted(migrations):
        children = {child.key for child in loader.graph.node_map[key].children}
        if not any(child in migrations and child[0] == key[0] for child in children):
            last.append(key)
    return last
