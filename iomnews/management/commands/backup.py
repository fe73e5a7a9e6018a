from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from iomnews.backups import making
from iomnews.backups.sealing import CannotSeal, Recipient
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = (
        "Write database, pictures and files to one archive while the site is used, and read it "
        "again to see that it is whole."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, metavar="DIR", help="default: BACKUP_DIR")
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="then delete all but the newest N; where no option says what is kept: BACKUP_KEEP",
        )
        parser.add_argument(
            "--keep-days",
            type=int,
            metavar="D",
            help="then delete what is older than D days; with --keep, what neither keeps",
        )
        parser.add_argument(
            "--encrypt",
            metavar="FOR",
            default=settings.BACKUP_ENCRYPT_TO,
            help="age:RECIPIENT or gpg:KEY; default: BACKUP_ENCRYPT_TO, else nobody",
        )

    def handle(self, *, to, keep, keep_days, encrypt, **options):
        with in_terminal_language():
            if keep is None and keep_days is None:
                keep = settings.BACKUP_KEEP or None
            for number in (keep, keep_days):
                if number is not None and number < 1:
                    raise CommandError(_("Keep 1 or more."))
            try:
                recipient = Recipient.of(encrypt) if encrypt else None
                report = making.make(to or settings.BACKUP_DIR, recipient, keep, keep_days)
            except (CannotSeal, making.CannotBackUp) as error:
                raise CommandError(str(error)) from error
            self.report(report)

    def report(self, report: making.Report) -> None:
        self.stdout.write(
            _("%(path)s: %(releases)d releases, %(files)d files, %(size)s; verified.")
            % {
                "path": report.made.path,
                "releases": report.counts["releases.release"],
                "files": report.files,
                "size": filesizeformat(report.made.size),
            }
        )
        for path in report.removed:
            self.stdout.write(_("Its time is over, deleted: %(path)s") % {"path": path})
        if not report.made.path.suffix.endswith(("age", "gpg")):
            self.stdout.write(
                _("It holds drafts and the hashes of passwords: keep it where nobody else reads.")
            )
        for name in report.missing[: making.NAMED]:
            self.stderr.write(_("missing in the storage already: %(name)s") % {"name": name})
        if report.missing:
            self.stderr.write(
                _("%(number)d files that releases name are not there; the rest is in the backup.")
                % {"number": len(report.missing)}
            )
