"""`manage.py import_releases`: what it says, where it points, and what it leaves behind."""

import re
from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Mission
from releases.models import Release

from .test_saving import everything
from .texts import A_RELEASE, VARIANTS

pytestmark = pytest.mark.django_db


class Run(NamedTuple):
    """What a run of the command said, and why it failed ("" if it did not)."""

    out: str
    err: str
    failure: str


def run(*arguments) -> Run:
    out, err, failure = StringIO(), StringIO(), ""
    try:
        call_command("import_releases", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    return Run(out.getvalue(), err.getvalue(), failure)


@pytest.fixture
def file(tmp_path):
    """Write a text to a file of that name; gives its path."""

    def write(text: str, name: str = "releases.txt"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


WORDS_OF_A_RELEASE = (
    "words: 51 = text 18, link back 3, contacts 16, date 3, dateline 1, labels of contacts 2, "
    "posted line 6, views line 2; on our page 19\n"
)


def test_a_run_says_what_became_of_each_release(file):
    path = file(A_RELEASE)

    assert run("--create-missions", path) == Run(
        f"{path}\n"
        "  line 1: created: 사무소, 겨울 물품 전달\n"
        f"    {path}, line 3: the mission “Iraq” is new; look it over.\n"
        f"1 created\n{WORDS_OF_A_RELEASE}",
        "",
        "",
    )
    assert run("--create-missions", path) == Run(
        f"{path}\n  line 1: unchanged: 사무소, 겨울 물품 전달\n1 unchanged\n{WORDS_OF_A_RELEASE}",
        "",
        "",
    )


def test_every_remark_names_file_and_line():
    out = run("--create-missions", VARIANTS).out

    remarks = re.findall(rf"^    {re.escape(str(VARIANTS))}, line (\d+): ", out, re.MULTILINE)
    assert {"30", "56", "65", "75", "93", "120", "128", "130"} <= set(remarks)
    assert "\n8 created\nwords: " in out


def test_a_second_run_of_a_file_changes_nothing_at_all():
    run("--create-missions", VARIANTS)
    before = everything()

    again = run("--create-missions", VARIANTS)

    assert "\n8 unchanged\nwords: " in again.out
    assert everything() == before


def test_a_dry_run_reports_the_same_and_saves_nothing():
    dry = run("--dry-run", "--create-missions", VARIANTS)
    assert not any(everything().values())

    wet = run("--create-missions", VARIANTS)

    assert dry.out == wet.out + "Nothing was saved: this was a dry run.\n"
    assert Release.objects.count() == 8


def test_a_dry_run_reports_the_same_problems(file):
    path = file(A_RELEASE + A_RELEASE)

    dry, wet = run("--dry-run", path), run(path)

    assert (dry.err, dry.failure) == (wet.err, wet.failure)
    assert wet.failure == "1 problem: see above."


def test_several_files_are_imported_in_one_run(file):
    other = file(A_RELEASE.replace("겨울", "여름"), "other.txt")

    assert "\n2 created\nwords: " in run(file(A_RELEASE), other).out


def test_the_same_release_in_two_files_is_one_release(file):
    other = file(f"(2014/9/1) 지난 소식\n\nIraq - Text.\n\n{A_RELEASE}", "other.txt")

    assert "\n2 created, 1 unchanged\nwords: " in run(file(A_RELEASE), other).out


def test_a_dry_run_knows_what_it_would_have_brought_from_another_file(file):
    other = file(A_RELEASE, "other.txt")
    changed = file(A_RELEASE.replace("two towns", "three towns"), "changed.txt")

    done = run("--dry-run", "--create-missions", file(A_RELEASE), other, changed)

    assert done.out.count("is new; look it over.") == 1
    assert "\n1 created, 1 updated, 1 unchanged\n" in done.out


def test_a_bad_file_does_not_stop_the_next(file, tmp_path):
    bad = tmp_path / "none.txt"

    result = run(bad, file(A_RELEASE))

    assert result.err == f"{bad}, line 1: No such file or directory\n"
    assert result.failure == "1 problem: see above."
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        (A_RELEASE.replace("2014/9/9", "2014/13/40"), 20),
        (A_RELEASE.replace("Sep-09-2014", "Feb-30-2014"), 33),
        (A_RELEASE.replace("사무소, 겨울 물품 전달", ""), 20),
    ],
)
def test_a_bad_date_refuses_that_release_only(file, bad, line):
    path = file(f"{A_RELEASE}\n{bad}\n{A_RELEASE.replace('겨울', '여름')}")

    result = run(path)

    assert result.failure == "1 problem: see above."
    assert result.err.startswith(f"  line {line}: refused: (2014/")
    assert f"\n    {path}, line {line}: " in result.err
    assert "\n2 created, 1 refused\nwords: " in result.out
    assert [release.title_ko for release in Release.objects.order_by("pk")] == [
        "사무소, 겨울 물품 전달",
        "사무소, 여름 물품 전달",
    ]


def test_a_release_that_is_refused_leaves_nothing_half_written(file):
    run("--create-missions", file(A_RELEASE.replace("2014/9/9", "2014/13/40")))

    assert not any(everything().values())


def test_text_above_the_first_headline_is_a_problem_and_the_rest_is_taken(file):
    path = file(f"\nDear colleagues,\n\nplease post this.\n\n{A_RELEASE}")

    result = run(path)

    assert result.err == (
        "  line 2: refused: Dear colleagues,\n"
        f"    {path}, line 2: text above the first headline was not taken.\n"
    )
    assert result.failure == "1 problem: see above."
    assert Release.objects.count() == 1


@pytest.mark.parametrize(("text", "line"), [("Dear colleagues", 1), ("\n\nDear", 3), ("\u200b", 1)])
def test_a_file_without_a_release_is_refused(file, text, line):
    path = file(text)

    result = run(path)

    assert result.err == (
        f"{path}, line {line}: this is no export that the newsroom knows, and no release begins "
        "here; expected a line as “(2014/9/9) headline”.\n"
    )
    assert result.out == f"{path}\nnothing imported\n"


def test_problems_are_counted(file, tmp_path):
    assert run(tmp_path, file(A_RELEASE + A_RELEASE)).failure == "2 problems: see above."


def test_what_an_editor_changed_is_overwritten_only_when_told_to(file):
    run(file(A_RELEASE))
    release = Release.objects.get()
    release.body_en = "<p>Edited.</p>"
    release.save()
    path = file(A_RELEASE.replace("two towns", "three towns"))

    refused, overwritten = run(path), run("--overwrite", path)

    assert f"{path}, line 1: it was edited here" in refused.err
    assert "\n1 updated\nwords: " in overwritten.out
    assert "three towns" in Release.objects.get().body_en


def test_missions_are_founded_only_when_told_to(file):
    run(file(A_RELEASE))
    assert not Mission.objects.exists()

    result = run("--create-missions", file(A_RELEASE))

    assert "\n1 updated\nwords: " in result.out
    assert Release.objects.get().mission == Mission.objects.get()
