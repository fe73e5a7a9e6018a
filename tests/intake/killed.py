"""An export is moved in by a process that is killed again and again, and once by one that is not.

    python -m tests.intake.killed EXPORT UPLOADS KILLS

Prints as JSON what is in the newsroom after either, and how many releases there were at each kill.
The database is that of DATABASE_URL, else one of its own; it is emptied.
"""

import hashlib
import json
import os
import random
import re
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

# What a clock or chance has written: it tells nothing of what was moved in.
NOT_COMPARED = {"id", "created_at", "saved_at", "at", "source_digest", "finding_count"}
STORED = {"image", "file", "card", "stored"}
KEYS = re.compile(r"/releases/(\d+)/(?:(files|pictures)/\d+/)?")


def state() -> dict[str, list[str]]:
    """All rows of the newsroom that an import writes, by table, without keys that chance gives."""
    from django.apps import apps

    from contacts.models import Mission, PressContact
    from releases.intake.columns import is_as_saved
    from releases.models import Release

    names = {
        "release": dict(Release.objects.values_list("pk", "source_key")),
        "mission": dict(Mission.objects.values_list("pk", "slug")),
        "contact": dict(PressContact.objects.values_list("pk", "name")),
    }

    def plain(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(k, v) for k, v in value.items() if k not in NOT_COMPARED}
        if isinstance(value, list):
            return [plain("", each) for each in value]
        if name in STORED:
            return digest_of(value)
        if name.removesuffix("_id") in names and value is not None:
            return names[name.removesuffix("_id")].get(value, value)
        if isinstance(value, str):
            return KEYS.sub(
                lambda found: f"/{names['release'][int(found[1])]}/{found[2] or ''}", value
            )
        return str(value)

    found = {"untouched": sorted(r.source_key for r in Release.objects.all() if is_as_saved(r))}
    for app in ("contacts", "releases"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ == "Change":
                continue
            rows = [plain("", dict(row)) for row in model._base_manager.values()]
            found[model.__name__] = sorted(json.dumps(row, sort_keys=True) for row in rows)
    return found


def digest_of(stored: str) -> str:
    from django.core.files.storage import default_storage

    if not stored:
        return ""
    with default_storage.open(stored) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(export: str, uploads: str, kill_after: float | None = None) -> float | None:
    """Import in a process of its own; the seconds that it took, None where it was killed first."""
    from django.core.management import call_command
    from django.db import connections

    connections.close_all()
    began = time.monotonic()
    child = os.fork()
    if not child:
        try:
            with open(os.devnull, "w") as nowhere:
                options = {"media_from": uploads, "create_missions": True}
                call_command("import_releases", export, stdout=nowhere, stderr=nowhere, **options)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert os.WEXITSTATUS(status) == 0, "the import failed"
    return time.monotonic() - began


def main(export: str, uploads: str, kills: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from releases.models import Release
    from releases.search import engine

    call_command("migrate", verbosity=0)
    took = run(export, uploads)
    unbroken = state()
    call_command("flush", interactive=False, verbosity=0)
    engine.clear(connection)

    chance = random.Random(int(kills))
    at: list[int] = []
    while len(at) < int(kills):
        # Each begins where the last was cut off: what is done takes little of its time.
        if run(export, uploads, chance.uniform(0.05, took * 0.4)) is None:
            at.append(Release.objects.count())
        elif len(at) < 2:
            break
        else:
            took *= 0.7
    run(export, uploads)
    resumed = state()
    run(export, uploads)
    said = {"unbroken": unbroken, "resumed": resumed, "again": state(), "at": at}
    Path(sys.argv[4]).write_text(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:4])
