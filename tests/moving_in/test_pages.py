"""What the desk shows of moving in, and who may do what there."""

import json

import pytest

from contacts.models import Mission
from releases.models import Move, Release, Stage, State
from releases.moving_in import places, working
from tests.desk.people import ANALYST, AUTHOR, KEEPER, person, signed_in
from tests.factories import MissionFactory, ReleaseFactory
from tests.reading import read

from .desk import MOVES, TEXT, do, editor, looked_over, page_of, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("started")]


def rows(client, move, query=""):
    """The table of a move: (headline, outcome, remarks) of each row."""
    page = read(client.get(page_of(move) + query))
    table = page.one("table", **{"class": "items"})
    found = []
    for row in table.one("tbody").all("tr"):
        cells = [cell.words for cell in row.all("td")]
        found.append((row.one("th").words, cells[0], cells[-1]))
    return found


def test_an_export_is_looked_over_before_anything_is_saved(started):
    client = editor()

    move = send(client)
    assert (move.stage, started) == (Stage.WAITING, ["started"])
    working.work()
    move.refresh_from_db()

    assert move.stage == Stage.LOOKED
    assert not Release.objects.exists()
    assert [row[:2] for row in rows(client, move)] == [
        ("첫째 소식 release, line 1", "created Public"),
        ("둘째 소식 release, line 7", "created Public"),
        ("(2014/9/31) 없는 날의 소식 release, line 11", "! refused"),
    ]


def test_what_was_looked_over_is_moved_in_when_somebody_starts_it():
    MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq")
    client = editor()
    move = looked_over(client)

    do(client, move, "start")
    working.work()
    move.refresh_from_db()

    assert move.stage == Stage.MOVED
    assert move.counts == {"created": 2, "refused": 1}
    first = Release.objects.get(title_ko="첫째 소식")
    assert (first.state, first.views) == (State.PUBLIC, 7)
    assert f"/releases/release/{first.pk}/change/" in client.get(page_of(move)).content.decode()


def test_moving_in_again_changes_nothing():
    client = editor()
    for _time in range(2):
        move = looked_over(client)
        do(client, move, "start")
        working.work()
        move.refresh_from_db()

    assert move.counts == {"unchanged": 2, "refused": 1}


def test_what_is_wanted_otherwise_must_be_looked_over_first():
    client = editor()
    move = looked_over(client)

    do(client, move, "look", create_missions="on")
    assert not move.may_start
    do(client, move, "start")
    assert move.task == "look"
    working.work()
    do(client, move, "start")
    working.work()

    assert Mission.objects.filter(slug="iraq").exists()


def test_what_was_chosen_just_before_the_start_is_looked_over_and_not_lost():
    client = editor()
    move = looked_over(client)

    do(client, move, "start", create_missions="on")
    assert (move.task, Release.objects.count()) == ("look", 0)
    working.work()
    do(client, move, "start", create_missions="on")
    working.work()

    assert Mission.objects.filter(slug="iraq").exists()
    assert Release.objects.count() == 2


def test_the_uploads_that_lie_beside_an_export_are_offered_with_it(settings, tmp_path):
    settings.MOVING_DIR = tmp_path
    (tmp_path / "uploads").mkdir()

    assert looked_over(editor()).choices["media"] == "uploads"


def test_a_look_founds_no_mission():
    client = editor()
    move = looked_over(client)

    do(client, move, "look", create_missions="on")
    working.work()

    assert not Mission.objects.exists()
    assert "is new; look it over" in rows(client, move)[0][2]


def test_the_table_can_be_narrowed_to_one_outcome():
    client = editor()
    move = looked_over(client)

    assert [row[0] for row in rows(client, move, "?show=refused")] == [
        "(2014/9/31) 없는 날의 소식 release, line 11"
    ]
    assert len(rows(client, move, "?show=created")) == 2


@pytest.mark.parametrize("kind", ["txt", "json", "html"])
def test_the_report_lists_each_item(kind):
    client = editor()
    move = looked_over(client)

    answer = client.get(f"{page_of(move)}report.{kind}")

    text = answer.getvalue().decode()
    assert "attachment" in answer["Content-Disposition"]
    for title in ("첫째 소식", "둘째 소식", "없는 날의 소식"):
        assert title in text
    if kind == "json":
        assert [item["outcome"] for item in json.loads(text)["items"]] == [
            "created",
            "created",
            "refused",
        ]


def test_what_is_no_export_is_refused_in_words():
    client = editor()

    move = looked_over(client, "no release at all", "note.txt")

    assert move.stage == Stage.FAILED
    assert "no export that the newsroom knows" in client.get(page_of(move)).content.decode()


def test_a_file_that_its_owner_put_on_the_server_is_taken_from_there(folders):
    (folders.MOVING_DIR / "large.txt").write_text(TEXT)
    client = editor()

    client.post(MOVES, {"place": "large.txt"})
    working.work()
    move = Move.objects.get()
    assert (move.stage, move.name) == (Stage.LOOKED, "large.txt")

    do_forget = client.post(page_of(move), {"do": "forget"})
    assert do_forget["Location"] == MOVES
    assert (folders.MOVING_DIR / "large.txt").exists()


@pytest.mark.parametrize("place", ["../secret.txt", "/etc/hostname", ".hidden", "folder"])
def test_no_other_file_of_the_server_is(folders, place):
    (folders.MOVING_DIR.parent / "secret.txt").write_text(TEXT)
    (folders.MOVING_DIR / ".hidden").write_text(TEXT)
    (folders.MOVING_DIR / "folder").mkdir()

    answer = editor().post(MOVES, {"place": place})

    assert answer.status_code == 422
    assert not Move.objects.exists()


def test_nothing_is_made_of_an_empty_form():
    answer = editor().post(MOVES, {})

    assert answer.status_code == 422
    assert "Send an export, or choose one on the server." in answer.content.decode()


def test_what_was_sent_is_for_its_owner_alone_and_goes_when_it_is_thrown_away():
    client = editor()
    move = looked_over(client)
    folder = places.folder_of(move)
    assert [oct(path.stat().st_mode & 0o077) for path in folder.iterdir()] == ["0o0", "0o0"]

    client.post(page_of(move), {"do": "forget"})

    assert not folder.exists()
    assert not Move.objects.exists()


def test_what_is_going_on_is_not_thrown_away():
    client = editor()
    move = send(client)

    do(client, move, "forget")

    assert places.file_of(move).exists()


def test_somebody_else_who_starts_it_as_well_starts_it_once():
    client, colleague = editor(), signed_in(person("편집자 (editor)", "colleague"))
    move = looked_over(client)

    do(client, move, "start")
    asked_at = move.asked_at
    do(colleague, move, "start")

    assert move.asked_at == asked_at


def test_its_progress_is_told_to_the_script_of_its_page():
    client = editor()
    move = send(client)
    told = client.get(f"{page_of(move)}progress.json").json()
    assert told == {
        "stage": "waiting",
        "underway": True,
        "percent": 0,
        "words": "It begins in a moment.",
    }

    working.work()

    assert not client.get(f"{page_of(move)}progress.json").json()["underway"]


@pytest.mark.parametrize("role", [AUTHOR, KEEPER, ANALYST, ""])
def test_nobody_but_editors_sees_any_of_it(role):
    move = looked_over(editor())
    client = signed_in(person(role, "other"))

    for address in ("", f"{move.pk}/", f"{move.pk}/progress.json", f"{move.pk}/report.txt"):
        assert client.get(MOVES + address).status_code == 403
    assert client.post(page_of(move), {"do": "start"}).status_code == 403
    assert client.post(MOVES, {"place": "x"}).status_code == 403


def test_an_editor_alone_may_not_have_the_server_fetch_from_an_address():
    move = looked_over(editor())

    page = editor().get(page_of(move)).content.decode()

    assert 'name="address"' not in page


def test_what_an_editor_has_changed_here_stays_unless_it_is_wanted():
    client = editor()
    move = looked_over(client)
    do(client, move, "start")
    working.work()
    release = Release.objects.get(title_ko="첫째 소식")
    release.title_ko = "고친 소식"
    release.save()
    changed = TEXT.replace("The first text.", "The first text, mended.")

    move = looked_over(client, changed)
    assert rows(client, move)[0][1] == "! refused"
    do(client, move, "look", overwrite="on")
    working.work()

    assert rows(client, move)[0][1] == "updated Public"


def test_an_empty_overview_and_one_with_moves_say_where_each_stands():
    client = editor()
    assert "Look it over" in client.get(MOVES).content.decode()
    ReleaseFactory()

    looked_over(client)

    assert "looked over" in client.get(MOVES).content.decode()
