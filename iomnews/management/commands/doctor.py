from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from iomnews.doctor import Level, examine
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = "Look at all that an owner may get wrong; 1 if anything is."
    # What they would stop at is told by the doctor.
    requires_system_checks = []

    def handle(self, **options):
        with in_terminal_language():
            findings = examine()
            for finding in findings:
                self.stdout.write(f"{finding.mark} {finding.what}: {finding.says}")
                if finding.advice:
                    self.stdout.write(f"    → {finding.advice}")
            faults = sum(finding.level == Level.FAULT for finding in findings)
            if faults:
                raise CommandError(
                    ngettext("%(number)d fault.", "%(number)d faults.", faults) % {"number": faults}
                )
            self.stdout.write(_("No fault was found."))
