"""A check of packages says whether it looked: silence is no clean bill."""

import json

import pytest

from .check_dependencies import pinned, verdict

FAULT = {"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}


def report(*entries: dict) -> str:
    return json.dumps({"dependencies": entries, "fixes": []})


def test_a_known_fault_is_named_with_what_mends_it():
    found = verdict(report({"name": "a", "version": "2.0", "vulns": [FAULT]}), ["a"])

    assert found.faults == ["a 2.0: PYSEC-2026-1, mended in 2.1"]
    assert found.words.startswith("KNOWN FAULT: a 2.0")


def test_packages_without_a_known_fault_are_said_to_be_looked_up():
    found = verdict(report({"name": "a", "version": "2.0", "vulns": []}), ["a"])

    assert (found.faults, found.looked_up, found.not_looked_up) == ([], 1, [])
    assert found.words == "Packages: 1 looked up, no fault is known of them."


def test_packages_that_were_passed_over_are_not_taken_for_good():
    skipped = {"name": "b", "skip_reason": "Dependency not found and could not be audited: b"}

    found = verdict(report({"name": "a", "version": "1", "vulns": []}, skipped), ["a", "b", "c"])

    assert found.not_looked_up == ["b", "c"]
    assert "COULD NOT LOOK UP 2 packages, of which nothing is known: b, c" in found.words


@pytest.mark.parametrize("answer", ["", "no JSON", "{}", "[]", '{"dependencies": [{}]}'])
def test_no_answer_is_no_check_and_says_so(answer):
    found = verdict(answer, ["a", "b"])

    assert (found.faults, found.looked_up, found.not_looked_up) == ([], 0, ["a", "b"])
    assert "this was no check" in found.words
    assert "no fault is known" not in found.words


def test_every_package_that_we_ship_is_asked_for():
    assert {"django", "gunicorn", "pillow", "psycopg", "django-otp"} <= set(pinned())
