"""Migrations that older code can live beside.

The code of before serves on while a migration runs and until the new one takes its place, and again
after a roll-back; it knows nothing of what was added. So a migration adds, and nothing else. What a
rule does not let pass has been looked at and stands in REVIEWED, with the reason.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

OURS = {"contacts", "releases", "accounts"}
REVIEWED = {
    "releases.0002_search_index: Raw Python operation": "Part of the first version that was "
    "deployed; it makes a table of its own and alters none.",
    "releases.0003_old_addresses: Add field mission to oldaddress": "A mission that an old address "
    "leads to is not deleted by older code: the database refuses, and nothing is lost.",
    "releases.0004_moves: Create model Move": "Whoever moved something in is not deleted by older "
    "code: the database refuses, and nothing is lost.",
    "releases.0005_sites_of_old_addresses: Alter field address on oldaddress": "Only that it is "
    "unique goes; older code looks each up before it adds one.",
    "releases.0005_sites_of_old_addresses: Create constraint an_old_address_of_a_site_is_kept_once "
    "on model oldaddress": "It refuses less than what it stands for: that an address is unique.",
    "releases.0005_sites_of_old_addresses: Raw Python operation": "It fills the new column alone.",
}

NARROWS = "older code reads or writes what is not there any more"
UNFILLED = "older code leaves it out of what it inserts: give it null or a db_default"
HELD = "older code deletes what it points at: give it db_constraint=False"
REFUSES = "older code may write what it refuses"
UNKNOWN = "nobody knows what it does: look, and say why older code can live beside it"

HARMLESS = (
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
)
NARROWING = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.DeleteModel,
    migrations.AlterModelTable,
    migrations.RemoveConstraint,  # "on conflict" needs it
)


def fault_of(operation: Operation, before: ProjectState, app: str) -> str:
    """Why older code cannot live beside `operation`, applied to `before`; "" where it can."""

    def is_new(model: str) -> bool:
        return (app, model.lower()) not in before.models

    def holds(field: models.Field) -> bool:
        """Whether the database keeps older code from deleting what the field points at."""
        if not field.is_relation or field.many_to_many or not field.db_constraint:
            return False
        return field.related_model != "self"

    match operation:
        case migrations.CreateModel():
            return HELD if any(holds(field) for _name, field in operation.fields) else ""
        case migrations.AddField(field=field):
            is_filled = field.null or field.has_db_default() or field.many_to_many
            if not is_new(operation.model_name) and not is_filled:
                return UNFILLED
            return HELD if holds(field) else ""
        case migrations.AlterField():
            old = before.models[app, operation.model_name_lower].fields[operation.name]
            return "" if widens(old, operation.field) else NARROWS
        case migrations.AddConstraint():
            return "" if is_new(operation.model_name) else REFUSES
    if isinstance(operation, NARROWING):
        return NARROWS
    return "" if isinstance(operation, HARMLESS) else UNKNOWN


def widens(old: models.Field, new: models.Field) -> bool:
    """Whether all that could be written into the column of `old` can be into that of `new`."""
    _name, old_kind, _words, was = old.deconstruct()
    _name, new_kind, _words, now = new.deconstruct()
    of_code = {*models.Field.non_db_attrs, "default"} - {"db_column"}
    changed = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)} - of_code
    return (
        old_kind == new_kind
        and changed <= {"null", "max_length", "db_default"}
        and (not old.null or new.null)
        and (old.max_length or 0) <= (new.max_length or float("inf"))
        and (not old.has_db_default() or new.has_db_default())
    )


def faults() -> Iterator[tuple[str, str]]:
    """Each operation of ours that a rule does not let pass, and why."""
    loader = MigrationLoader(None)
    plan = dict.fromkeys(
        key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)
    )
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for app, name in plan:
        migration = loader.graph.nodes[app, name]
        before = state.clone()
        for operation in migration.operations:
            if app in OURS and not migration.initial:
                # A table that is made in the same migration is none that older code knows.
                seen = state.clone()
                seen.models = {key: it for key, it in state.models.items() if key in before.models}
                if why := fault_of(operation, seen, app):
                    yield f"{app}.{name}: {operation.describe()}", why
            operation.state_forwards(app, state)


def test_older_code_can_live_beside_every_migration():
    assert {what: why for what, why in faults() if what not in REVIEWED} == {}


def test_whatever_was_reviewed_is_there():
    assert set(REVIEWED) - {what for what, _why in faults()} == set()


KNOWN = [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=10, null=True, db_default="")),
]
ADD = migrations.AddField


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (ADD("thing", "more", models.IntegerField(default=0)), UNFILLED),
        (ADD("thing", "more", models.IntegerField(db_default=0)), ""),
        (ADD("thing", "more", models.IntegerField(null=True)), ""),
        (ADD("thing", "who", models.ForeignKey(User, models.CASCADE, null=True)), HELD),
        (
            ADD(
                "thing",
                "who",
                models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False),
            ),
            "",
        ),
        (migrations.RemoveField("thing", "name"), NARROWS),
        (migrations.RenameField("thing", "name", "title"), NARROWS),
        (migrations.DeleteModel("thing"), NARROWS),
        (migrations.AlterModelTable("thing", "others"), NARROWS),
        (
            migrations.AlterField(
                "thing", "name", models.CharField(max_length=9, null=True, db_default="")
            ),
            NARROWS,
        ),
        (
            migrations.AlterField("thing", "name", models.CharField(max_length=10, db_default="")),
            NARROWS,
        ),
        (
            migrations.AlterField("thing", "name", models.CharField(max_length=10, null=True)),
            NARROWS,
        ),
        (
            migrations.AlterField(
                "thing",
                "name",
                models.CharField("label", max_length=20, null=True, db_default="", choices=["a"]),
            ),
            "",
        ),
        (
            migrations.AddConstraint(
                "thing", models.CheckConstraint(name="named", condition=models.Q(name="a"))
            ),
            REFUSES,
        ),
        (migrations.AddIndex("thing", models.Index(fields=["name"], name="by_name")), ""),
        (migrations.RunSQL("DROP TABLE thing"), UNKNOWN),
        (migrations.CreateModel("other", KNOWN), ""),
        (
            migrations.CreateModel(
                "other", [*KNOWN, ("who", models.ForeignKey(User, models.CASCADE))]
            ),
            HELD,
        ),
    ],
    ids=lambda it: it.describe() if isinstance(it, Operation) else it.split(":")[0],
)
def test_what_older_code_cannot_live_beside_is_found(operation, fault):
    before = ProjectState()
    before.add_model(ModelState("house", "Thing", KNOWN))

    assert fault_of(operation, before, "house") == fault
