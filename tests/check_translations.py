"""`python -m tests.check_translations`: are the Korean and the English catalogue complete?

Looks for strings of the code that a catalogue does not know, and for entries without a
translation, fuzzy or left over. With --update it brings the catalogues up to date instead;
what is new in the Korean one is then to be translated. Needs GNU gettext.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["manage.py", "iomnews", "contacts", "releases", "accounts", "templates", "locale"]
LANGUAGES = ["ko", "en"]


def update(folder: Path) -> None:
    """Bring the catalogues below `folder` up to date with the sources beside them."""
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--verbosity", "0", "--no-obsolete",
         "--no-location", "--no-wrap", *(f"--locale={language}" for language in LANGUAGES)],
        cwd=folder,
        check=True,
    )  # fmt: skip
    catalogues = {
        language: folder / f"locale/{language}/LC_MESSAGES/django.po" for language in LANGUAGES
    }
    for catalogue in catalogues.values():
        # A new string gets no translation that was guessed from a similar one.
        tidy = ["msgattrib", "--clear-fuzzy", "--empty", "--clear-previous", "--no-wrap"]
        subprocess.run([*tidy, "--output-file", catalogue, catalogue], check=True)
    # The code is written in English, so the English catalogue says what the code says.
    english = catalogues["en"]
    subprocess.run(["msgen", "--no-wrap", "--output-file", english, english], check=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Report-Msgid')
    for catalogue in catalogues.values():
        lines = catalogue.read_text().splitlines(keepends=True)
        catalogue.write_text("".join(line for line in lines if not line.startswith(dated)))


def faults(language: str, now: Path) -> list[str]:
    """What is wrong with the catalogue of `language`, against the fresh ones below `now`."""
    name = f"locale/{language}/LC_MESSAGES/django.po"
    with (ROOT / name).open("rb") as file:
        catalogue = read_po(file)
    with (now / name).open("rb") as file:
        fresh = read_po(file)
    known = {(message.context, message.id) for message in catalogue if message.id}
    wanted = {(message.context, message.id) for message in fresh if message.id}
    found = [f"{language}: not in the catalogue: {text!r}" for _, text in wanted - known]
    found += [f"{language}: no longer used: {text!r}" for _, text in known - wanted]
    for message in catalogue:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(strings)):
            found.append(f"{language}: not translated: {message.id!r}")
        found += [f"{language}: {message.id!r}: {error}" for error in message.check(catalogue)]
    return sorted(found)


def main() -> int:
    if "--update" in sys.argv[1:]:
        update(ROOT)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for name in SOURCES:
            source, target = ROOT / name, Path(folder, name)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        update(Path(folder))
        found = [fault for language in LANGUAGES for fault in faults(language, Path(folder))]
    print("\n".join(found) or "Both catalogues are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
