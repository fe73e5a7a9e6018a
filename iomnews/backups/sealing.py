"""Encryption by the standard tools, age and gpg, so that a backup can be opened without us."""

import shutil
import subprocess  # nosec B404 # age and gpg, with words of the owner
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

ENDINGS = {".age": "age", ".gpg": "gpg"}


class CannotSeal(Exception):
    """It can't be encrypted or decrypted; the text says why, to the owner."""


class Recipient(NamedTuple):
    """For whom a backup is encrypted, and by which tool."""

    tool: str  # "age" or "gpg"
    key: str  # what the tool knows them by

    @classmethod
    def of(cls, word: str) -> "Recipient":
        """Read "age:age1…" or "gpg:KEY". Raises CannotSeal for all else, or without the tool."""
        tool, colon, key = word.partition(":")
        if tool not in ENDINGS.values() or not colon or not key.strip():
            raise CannotSeal(_("“%(word)s”: write age:RECIPIENT or gpg:KEY.") % {"word": word})
        _needed(tool)
        return cls(tool, key.strip())

    @property
    def ending(self) -> str:
        return f".{self.tool}"

    def seal(self, plain: Path, sealed: Path) -> None:
        """Write what is in `plain` to `sealed`, for the recipient alone. Raises CannotSeal."""
        if self.tool == "age":
            # A file of recipients may stand for one.
            how = "--recipients-file" if Path(self.key).is_file() else "--recipient"
            command = ["age", "--encrypt", how, self.key, "--output", sealed, plain]
        else:
            # It is the owner who names the key: whether gpg trusts it is not asked again.
            command = [
                *("gpg", "--batch", "--yes", "--trust-model", "always", "--compress-algo", "none"),
                *("--recipient", self.key, "--output", sealed, "--encrypt", plain),
            ]
        _run(command)
        sealed.chmod(0o600)
        if sealed.stat().st_size < plain.stat().st_size:
            raise CannotSeal(_("%(tool)s wrote less than it was given.") % {"tool": self.tool})


def is_sealed(path: Path) -> bool:
    """Whether `path` goes by the name of an encrypted archive."""
    return path.suffix in ENDINGS


def unseal(sealed: Path, plain: Path, identity: str = "") -> None:
    """Write what is in `sealed` to `plain`. Raises CannotSeal.

    `identity`: the file of the key for age; gpg has keys of its own.
    """
    tool = ENDINGS[sealed.suffix]
    _needed(tool)
    if tool == "age":
        if not identity:
            raise CannotSeal(_("Say where the key is: --identity FILE."))
        command = ["age", "--decrypt", "--identity", identity, "--output", plain, sealed]
    else:
        command = ["gpg", "--batch", "--yes", "--quiet", "--output", plain, "--decrypt", sealed]
    plain.touch(0o600)
    _run(command)


def _needed(tool: str) -> None:
    if not shutil.which(tool):
        raise CannotSeal(
            _("%(tool)s is not installed. On Debian: apt install %(package)s")
            % {"tool": tool, "package": {"age": "age", "gpg": "gnupg"}[tool]}
        )


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(  # nosec B603 # no shell, and words of the owner alone
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or str(done.returncode)
        raise CannotSeal(
            _("%(tool)s could not do it: %(said)s") % {"tool": command[0], "said": said}
        )
