from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from iomnews.backups import making, restoring
from iomnews.backups.sealing import CannotSeal
from releases.archives import Archive, RefusedArchive
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = "Put a backup back: all of it or nothing. A newsroom with anything in it is refused."

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="take the place of what is there; asks first"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--identity", default="", metavar="FILE", help="the key of a backup encrypted by age"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="verify it and say what is in it, no more"
        )

    def handle(self, *, archive, replace, yes, identity, dry_run, **options):
        with in_terminal_language():
            try:
                with restoring.opened(archive, identity) as found:
                    self.tell(found)
                    if not dry_run:
                        self.restore(found, replace, yes)
            except (CannotSeal, RefusedArchive, restoring.CannotRestore) as error:
                raise CommandError(
                    _("%(error)s\nNothing was changed.") % {"error": error}
                ) from error
            except (DatabaseError, OSError) as error:
                raise CommandError(
                    _("It could not be put back: %(error)s\nThe newsroom is as it was.")
                    % {"error": str(error).strip()}
                ) from error

    def tell(self, archive: Archive) -> None:
        manifest = archive.manifest
        self.stdout.write(
            _("%(site)s, %(at)s UTC: whole. Version %(product)s, %(database)s.")
            % {
                "site": manifest["site"],
                "at": manifest["made_at"][:19].replace("T", " "),
                "product": manifest["product"],
                "database": manifest["database"],
            }
        )
        counts = {table["model"]: table["rows"] for table in manifest["tables"]}
        self.say_counts(counts, manifest["media"]["files"])

    def restore(self, archive: Archive, replace: bool, yes: bool) -> None:
        if restoring.has_content():
            if not replace:
                raise CommandError(
                    _("This newsroom is not empty. --replace takes the place of what is here.")
                )
            question = _("All that is here goes, and can't be brought back. Write “yes”: ")
            if not yes and input(question).strip().lower() not in ("yes", "예", "네"):
                raise CommandError(_("Nothing was changed."))
        done = restoring.restore(archive)
        self.stdout.write(_("It is put back:"))
        self.say_counts(done.counts, done.files)
        if done.mended:
            self.stdout.write(
                _("%(number)d texts held characters that this database can't; they read � now.")
                % {"number": done.mended}
            )
        for name in done.missing[: making.NAMED]:
            self.stderr.write(_("missing since before the backup: %(name)s") % {"name": name})

    def say_counts(self, counts: dict[str, int], files: int) -> None:
        self.stdout.write(
            _(
                "%(releases)d releases, %(missions)d missions, %(contacts)d press contacts, "
                "%(files)d files, %(accounts)d accounts."
            )
            % {
                "releases": counts["releases.release"],
                "missions": counts["contacts.mission"],
                "contacts": counts["contacts.presscontact"],
                "files": files,
                "accounts": counts["auth.user"],
            }
        )
