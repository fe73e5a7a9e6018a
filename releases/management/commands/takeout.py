from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from releases.management.speaking import in_terminal_language
from releases.takeout.writing import write

NAMED = 20  # missing files; the rest are counted


class Command(BaseCommand):
    help = (
        "Write the newsroom to an archive that anybody can read and that import_releases reads "
        "back: releases, texts, pictures, files, addresses, views."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--to", type=Path, metavar="FILE", help="default: newsroom-DATE.zip here"
        )

    def handle(self, *, to, **options):
        with in_terminal_language():
            path = to or Path(f"newsroom-{datetime.now(UTC):%Y-%m-%d}.zip")
            unfinished = path.with_name(f"{path.name}.part")
            if path.exists():
                raise CommandError(_("%(path)s is there already.") % {"path": path})
            try:
                unfinished.unlink(missing_ok=True)
                written = write(unfinished)
                unfinished.replace(path)
            except OSError as error:
                unfinished.unlink(missing_ok=True)
                raise CommandError(
                    _("It could not be written: %(error)s") % {"error": error}
                ) from error
            self.stdout.write(
                _("%(path)s: %(releases)d releases and %(files)d files, drafts among them.")
                % {"path": path, "releases": written.releases, "files": written.files}
            )
            for name in written.missing[:NAMED]:
                self.stderr.write(_("missing in the storage already: %(name)s") % {"name": name})
