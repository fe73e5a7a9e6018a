"""One process at a time does the work, and another goes on with it when it is gone."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from releases.intake.incoming import Remark
from releases.intake.moved import Moved
from releases.intake.posts import Words
from releases.intake.report import Tally
from releases.intake.saving import Outcome
from releases.models import Move, Release, Stage, State, Task
from releases.models.moves import SILENCE
from releases.moving_in import places, pulse, records, sources, starting, working
from releases.moving_in.door import Door
from releases.moving_in.records import Listed, Records
from tests.serving import address_of_database, serving

from .desk import do, editor, looked_over, page_of, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("started")]

MANY = 300  # releases


def many(count: int = MANY) -> str:
    return "\n".join(
        f"(2014/9/9) 소식 {number}\n\nIraq - Text number {number}.\n\nViews – {number}\n"
        for number in range(count)
    )


def moved(number: int, outcome: Outcome = Outcome.CREATED) -> Moved:
    remarks = (Remark(number, "알릴 점"),)
    words = Words(12, 8, (("contacts", 4),))
    return Moved(
        outcome, "post", number, f"소식 {number}", number, 7, "/", remarks, words, 9, State.DRAFT
    )


def test_nobody_takes_what_another_is_at_work_on():
    send(editor())
    assert pulse.claim("one")

    assert pulse.claim("other") is None


def test_who_was_not_heard_of_for_long_has_lost_it():
    send(editor())
    pulse.claim("one")
    later = timezone.now() + SILENCE + timedelta(seconds=1)

    claimed = pulse.claim("other", later)

    assert claimed.is_resumed
    assert claimed.move.worker == "other"


def test_a_second_move_waits_for_the_first():
    client = editor()
    first, second = send(client), send(client)

    assert pulse.claim("one").move == first
    assert pulse.claim("other") is None
    working._end(first, pulse.Pulse(first, "one"), "")
    assert pulse.claim("other").move == second


def test_who_has_lost_it_writes_nothing_of_it_any_more():
    move = send(editor())
    pulse.claim("one")
    told = pulse.Pulse(move, "one")
    pulse.claim("other", timezone.now() + SILENCE + timedelta(seconds=1))

    told.tell()
    working._end(move, told, "a fault of the first")
    move.refresh_from_db()

    assert told.is_over
    assert (move.worker, move.fault, move.ended_at) == ("other", "", None)


def test_what_lies_on_another_machine_is_left_to_it():
    move = send(editor())
    places.file_of(move).unlink()

    assert pulse.claim("one") is None
    assert not pulse.is_anything_left()


def test_a_stop_is_heeded_after_the_item_that_it_is_at(monkeypatch):
    client = editor()
    move = looked_over(client, many(20))
    do(client, move, "start")
    saved_before_stop = []

    def stopping(*args, **kwargs):
        for record in before(*args, **kwargs):
            saved_before_stop.append(record)
            if len(saved_before_stop) == 5:
                Move.objects.filter(pk=move.pk).update(stop_at=timezone.now())
                time.sleep(pulse.BEAT + 1)
            yield record

    before = Door.bring_in
    monkeypatch.setattr(Door, "bring_in", stopping)
    working.work()
    move.refresh_from_db()

    assert move.stage == Stage.STOPPED
    assert 5 <= Release.objects.count() <= 6


def test_a_fault_that_nobody_foresaw_ends_it_in_words(monkeypatch):
    client = editor()
    move = looked_over(client)
    do(client, move, "start")

    def failing(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(Door, "bring_in", failing)
    working.work()
    move.refresh_from_db()

    assert move.stage == Stage.FAILED
    assert "that nobody foresaw" in move.fault


def test_a_database_that_is_away_for_a_moment_ends_nothing(monkeypatch):
    move = send(editor())
    monkeypatch.setattr(working, "WAIT", 0)
    look, failed = sources.look_into, []

    def away_once(path, *kind):
        if not failed:
            failed.append("once")
            raise DatabaseError("the database is away")
        return look(path, *kind)

    monkeypatch.setattr(sources, "look_into", away_once)
    working.work()
    move.refresh_from_db()

    assert (failed, move.stage) == (["once"], Stage.LOOKED)


def test_records_go_on_after_half_a_line(tmp_path):
    path = tmp_path / "move.jsonl"
    with Records(path, go_on=False) as written:
        written.add(moved(1))
        written.add(moved(2))
    with path.open("ab") as file:
        file.write(b'{"kind": "post", "numb')

    with Records(path, go_on=True) as written:
        again = [written.add(moved(n, Outcome.UNCHANGED)) for n in (1, 2)]
        again.append(written.add(moved(3)))

    assert again == [Outcome.CREATED] * 3
    assert list(records.read(path)) == [moved(1), moved(2), moved(3)]


def test_a_move_of_before_says_nothing_of_the_next(tmp_path):
    path = tmp_path / "look.jsonl"
    with Records(path, go_on=False) as written:
        written.add(moved(1))

    with Records(path, go_on=False) as written:
        written.add(moved(2))

    assert [each.number for each in records.read(path)] == [2]


def listed(path) -> list[Moved]:
    found = Listed(path)
    assert found.tally == Listed(path).tally
    return found[:]


def test_a_list_that_another_version_has_kept_is_made_anew(tmp_path):
    path = tmp_path / "move.jsonl"
    with Records(path, go_on=False) as written:
        written.add(moved(1))
    path.with_suffix(".list.json").write_text('{"items": {}, "addresses": {}, "seen": 5}')

    assert listed(path) == [moved(1)]
    assert Listed(path).tally.text == 8


def test_a_list_of_records_reads_on_and_says_what_was_written_last(tmp_path):
    path = tmp_path / "move.jsonl"
    assert not Listed(path)
    with Records(path, go_on=False) as written:
        written.add(moved(1, Outcome.REFUSED))
        written.add(moved(2))
        assert listed(path) == [moved(1, Outcome.REFUSED), moved(2)]
        written._file.write('{"kind": "post", "numb')
        written._file.flush()
        assert listed(path) == [moved(1, Outcome.REFUSED), moved(2)]
    with Records(path, go_on=True) as written:
        written.add(moved(1))
        written.add(moved(3, Outcome.UPDATED))

    tally = Tally()
    for each in records.read(path):
        tally.add(each)

    assert (
        listed(path) == list(records.read(path)) == [moved(1), moved(2), moved(3, Outcome.UPDATED)]
    )
    assert +Listed(path).tally.items == tally.items
    assert (Listed(path).tally.source, Listed(path).tally.aside) == (tally.source, tally.aside)
    assert Listed(path).narrowed("updated")[:] == [moved(3, Outcome.UPDATED)]
    assert len(Listed(path).narrowed(records.REMARKS)) == 3
    with Records(path, go_on=False) as written:
        written.add(moved(4))
    assert listed(path) == [moved(4)]


def test_a_page_of_a_long_move_reads_its_own_lines_alone(monkeypatch):
    client = editor()
    move = looked_over(client, many(120))
    client.get(page_of(move))  # somebody has seen it before
    read, from_json = [], records._from_json
    monkeypatch.setattr(records, "_from_json", lambda each: read.append(1) or from_json(each))

    page = client.get(f"{page_of(move)}?p=2").content.decode()

    assert "소식 50" in page
    assert "소식 100" not in page
    assert len(read) == 50


def test_nothing_is_started_where_nothing_is_left(started):
    starting.go_on()
    assert started == []

    send(editor())
    started.clear()
    starting.go_on()

    assert started == ["started"]


def worker() -> subprocess.Popen:
    """The real process, on the database and the folders of the test."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "work_on_moves"],
        cwd=Path(__file__).parents[2],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "iomnews.settings",
            "DATABASE_URL": address_of_database(connection),
            "DATA_DIR": str(settings.MOVES_DIR.parent),
        },
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until(is_so, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.05)


def test_a_process_that_was_killed_midway_is_gone_on_for_and_nothing_differs():
    client = editor()
    move = looked_over(client, many())
    do(client, move, "start")

    first = worker()
    wait_until(lambda: Release.objects.count() > MANY // 10)
    first.send_signal(signal.SIGKILL)
    first.wait()
    move.refresh_from_db()
    assert 0 < Release.objects.count() < MANY
    assert move.ended_at is None

    # A restart: workers come at once, and wait until the other is surely gone.
    second = worker()
    third = worker()
    nearly_gone = timezone.now() - SILENCE + timedelta(seconds=8)
    Move.objects.filter(worker=move.worker).update(heard_at=nearly_gone)
    second.wait(timeout=60)
    third.wait(timeout=60)
    move.refresh_from_db()

    assert (move.task, move.stage) == (Task.MOVE, Stage.MOVED)
    assert Release.objects.count() == MANY
    assert sorted(r.line for r in records.read(places.records_of(move, Task.MOVE))) == sorted(
        range(1, 6 * MANY, 6)
    )
    # But for one whose record was not written any more, each says what became of it.
    assert move.counts.get("created", 0) >= MANY - 1


def test_a_site_that_is_started_again_goes_on_with_what_was_cut_off():
    client = editor()
    move = looked_over(client, many(20))
    do(client, move, "start")
    pulse.claim("gone with the restart", timezone.now() - SILENCE + timedelta(seconds=10))

    folder = str(settings.MOVES_DIR.parent)
    with serving(address_of_database(connection), processes=2, DATA_DIR=folder):
        wait_until(lambda: Move.objects.get().ended_at is not None)

    move.refresh_from_db()
    assert move.stage == Stage.MOVED
    assert Release.objects.count() == 20
