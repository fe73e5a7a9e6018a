"""Where bytes lie: static files, pictures and files, the shared cache, backups, the disk."""

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from iomnews import backups, health
from iomnews.backups.sealing import CannotSeal, Recipient
from releases.edition import Watch
from releases.replica import REPLICA
from releases.versions import moment_in_seoul

from .findings import Finding, fault, warning, well

BACKUP_GOOD_FOR = timedelta(hours=36)  # one a night, with a morning to see that it failed
REPLAYED_WITHIN = 1  # second
LITTLE, SCARCE = 10, 3  # per cent of a disk that are free


def static_files(request: HttpRequest | None) -> Iterator[Finding]:
    what, advice = _("Styles and scripts"), _("Run `manage.py collectstatic` and restart the site.")
    known = getattr(staticfiles_storage, "hashed_files", None)
    if known is None:
        yield well(what, _("Served as they are, without collecting."))
        return
    # Read anew: this process may have begun before they were collected.
    known, _hash = staticfiles_storage.load_manifest()
    wanted = {
        str(PurePosixPath(getattr(store, "prefix", None) or "", path))
        for finder in get_finders()
        for path, store in finder.list([])
    }
    lacking = [
        path
        for path in wanted
        if path not in known or not Path(settings.STATIC_ROOT, known[path]).exists()
    ]
    if not known:
        yield fault(what, _("They have not been collected: every page fails."), advice)
    elif lacking:
        yield fault(
            what,
            _("%(number)d files are lacking, among them %(name)s.")
            % {"number": len(lacking), "name": min(lacking)},
            advice,
        )
    elif not staticfiles_storage.is_of_this_version():
        yield fault(
            what,
            _("Another version's were collected: what has changed since is shown as it was."),
            advice,
        )
    else:
        yield well(what, _("%(number)d files are collected.") % {"number": len(wanted)})


def media(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Pictures and files")
    try:
        name = default_storage.save("doctor", ContentFile(b"well"))
        default_storage.delete(name)
    except Exception as error:  # whatever a store raises: nothing can be uploaded
        yield fault(
            what,
            _("Nothing can be saved: %(error)s") % {"error": error},
            _("Look at the bucket, its keys and what they may do there: MEDIA_S3_BUCKET.")
            if settings.MEDIA_S3["bucket_name"]
            else _("Let the user that the site runs as write in DATA_DIR."),
        )
    else:
        yield well(what, _("Can be saved."))


def replica(request: HttpRequest | None) -> Iterator[Finding]:
    if REPLICA not in settings.DATABASES:
        return
    what, looked = _("Replica of the database"), Watch()
    if not looked.edition().is_replicated:
        time.sleep(REPLAYED_WITHIN)  # what was saved just now may be on its way
        looked.forget()
    if looked.edition().is_replicated:
        yield well(what, _("Holds every edit; public pages are made from it."))
    else:
        yield warning(
            what,
            _("Does not answer or lags: public pages are made from the primary."),
            _("Look at its log, and at pg_stat_replication of the primary."),
        )


def shared_cache(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Shared cache")
    if "shared" not in settings.CACHES:
        yield well(what, _("None: each process keeps pages by itself."))
        return
    try:
        answered = not health.shared_cache()
    except Exception:  # whatever its client raises
        answered = False
    if answered:
        yield well(what, _("Answers."))
    else:
        yield fault(
            what,
            _("Does not answer; each process goes on by itself, which is slower."),
            _("Look whether Valkey or Redis runs, and whether CACHE_URL leads there."),
        )


def last_backup() -> datetime | None:
    """When the last good backup was made here (aware); None where there was none."""
    made = backups.latest()
    return made and made.at


def backup(request: HttpRequest | None) -> Iterator[Finding]:
    what, advice = _("Last backup"), _("See docs/backup.md; `manage.py backup` makes one at once.")
    made = last_backup()
    if word := settings.BACKUP_ENCRYPT_TO:
        try:
            Recipient.of(word)
        except CannotSeal as error:
            yield fault(what, str(error), _("Mend BACKUP_ENCRYPT_TO: until then none is made."))
            return
    if made is None:
        tell = warning if settings.DEMO else fault
        yield tell(what, _("None was ever made here."), advice)
    elif timezone.now() - made > BACKUP_GOOD_FOR:
        yield fault(
            what,
            _("The last good one is of %(moment)s.") % {"moment": moment_in_seoul(made)},
            advice,
        )
    else:
        yield well(what, moment_in_seoul(made))


def disk(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Disk")
    total, _used, free = shutil.disk_usage(settings.DATA_DIR)
    says = _("%(free)s of %(total)s are free.") % {
        "free": filesizeformat(free),
        "total": filesizeformat(total),
    }
    advice = _("Make room on the disk of %(folder)s: old backups, logs, what else lies there.") % {
        "folder": settings.DATA_DIR
    }
    per_cent = 100 * free / total
    if per_cent < SCARCE or free < health.LEAST_FREE:
        yield fault(what, says, advice)
    elif per_cent < LITTLE:
        yield warning(what, says, advice)
    else:
        yield well(what, says)
