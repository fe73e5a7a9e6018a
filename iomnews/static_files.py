"""Styles, scripts and pictures of the site: collected under names that hold what is in them.

Files of all versions lie in one folder, for pages of the version before are shown a while longer.
Which name each has stands in a manifest, of which each version has its own: to collect those of the
next one changes nothing for processes of this one that begin meanwhile.
"""

import hashlib
import os
import shutil

from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

LAST = "staticfiles.json"  # of the version that was collected last
BESIDE = ".new"  # ends the name of a manifest that is being written


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, with a manifest for each version.

    Where nobody has collected those of this version, the names are those that were collected last:
    most files are still the same, and a page without some of its style is better than none.
    `doctor` tells of it.
    """

    def __init__(self, *words, **named):
        self.manifest_name = f"staticfiles-{version()}.json"
        super().__init__(*words, **named)

    def is_of_this_version(self) -> bool:
        """Whether the files of this very version have been collected."""
        return self.manifest_storage.exists(self.manifest_name)

    def read_manifest(self) -> str | None:
        if (own := super().read_manifest()) is not None or not self.manifest_storage.exists(LAST):
            return own
        with self.manifest_storage.open(LAST) as last:
            return last.read().decode()

    def save_manifest(self) -> None:
        """Write both manifests beside, then let them take their places whole: a process that begins
        meanwhile, or after this one was cut short, finds none that is half written or gone."""
        own = self.manifest_name
        self.manifest_name = f"{own}{BESIDE}"
        try:
            super().save_manifest()
        finally:
            self.manifest_name = own
        shutil.copyfile(self.path(f"{own}{BESIDE}"), self.path(f"{LAST}{BESIDE}"))
        for name in (own, LAST):
            os.replace(self.path(f"{name}{BESIDE}"), self.path(name))


def version() -> str:
    """What all static files that the code brings come to, in short."""
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    found = []
    for finder in get_finders():
        for path, storage in finder.list(ignored):
            with storage.open(path) as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            found.append(f"{getattr(storage, 'prefix', None) or ''}/{path} {content}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()[:12]
