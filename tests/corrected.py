"""A public release that is changed and corrected, by the doors that the desk uses."""

from releases import correcting, versions
from releases.models import Correction, Release


def change(release: Release, by=None, **words: str) -> None:
    """Change the words of `release` as a save at the desk does: both texts are versions."""
    versions.keep(release)
    for name, value in words.items():
        setattr(release, name, value)
    release.save()
    versions.keep(release, by=by)


def correct(
    release: Release, note_ko: str = "숫자를 바로잡았습니다.", note_en: str = "", by=None, **words
) -> Correction:
    """Change the words of `release`, its English text where none are given, and tell it."""
    change(release, by, **(words or {"body_en": f"{release.body_en}<p>Corrected.</p>"}))
    correction = correcting.correct(release, by=by, note_ko=note_ko, note_en=note_en)
    release.refresh_from_db()
    return correction
