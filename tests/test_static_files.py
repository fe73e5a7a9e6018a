"""Static files of two versions in one folder: each version's pages name its own."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from iomnews.static_files import StaticFiles


@pytest.fixture
def code(settings, tmp_path):
    """Call it with what base.css holds: the code is of the version that has it so."""
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

    def of_version(css: str) -> None:
        folder = tmp_path / css
        folder.mkdir(exist_ok=True)
        (folder / "base.css").write_text(f"/* {css} */")
        settings.STATICFILES_DIRS = [folder]
        # As a process that begins: what it has read before is forgotten.
        settings.STORAGES = settings.STORAGES | {
            "staticfiles": {"BACKEND": "iomnews.static_files.StaticFiles"}
        }

    return of_version


def collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def shown(settings) -> str:
    """What is in the file that a page names."""
    address = staticfiles_storage.url("base.css")
    return Path(settings.STATIC_ROOT, address.removeprefix(settings.STATIC_URL)).read_text()


def test_a_process_of_before_that_begins_when_the_next_version_is_collected_names_its_own(
    code, settings
):
    code("old")
    collect()
    code("new")
    collect()
    new = shown(settings)

    code("old")

    assert (new, shown(settings)) == ("/* new */", "/* old */")


def test_what_was_collected_last_is_named_where_nobody_has_collected_this_version(code, settings):
    for version in ("old", "middle"):
        code(version)
        collect()

    code("new")

    assert shown(settings) == "/* middle */"
    assert not staticfiles_storage.is_of_this_version()
    collect()
    assert shown(settings) == "/* new */"


@pytest.mark.parametrize("cut", ["write", "copy"])
def test_collecting_that_is_cut_short_leaves_the_manifests_whole(code, settings, monkeypatch, cut):
    code("old")
    collect()
    manifests = {path: path.read_text() for path in settings.STATIC_ROOT.glob("staticfiles*.json")}

    def cut_short(*words, **named):
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        if cut == "write":
            patched.setattr(staticfiles_storage.manifest_storage.__class__, "_save", cut_short)
        else:
            patched.setattr("shutil.copyfile", cut_short)
        with pytest.raises(OSError, match="No space"):
            staticfiles_storage.save_manifest()

    assert len(manifests) == 2
    assert all(path.read_text() == was for path, was in manifests.items())
    collect()
    assert shown(settings) == "/* old */"
    assert not list(settings.STATIC_ROOT.glob("*.new"))


def test_where_nothing_was_ever_collected_it_is_said(code):
    code("new")

    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        staticfiles_storage.url("base.css")


def test_the_site_is_served_so():
    from iomnews import settings

    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    assert backend == f"{StaticFiles.__module__}.{StaticFiles.__name__}"
