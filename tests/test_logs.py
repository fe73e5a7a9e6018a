"""What the site writes of itself, and that nobody can be known from it."""

import json
import logging
import logging.config
import re
import sys

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from iomnews import logs


def written(form: str, message: str, *words, **more) -> str:
    """What a line becomes by the formatter of `form`."""
    record = logging.LogRecord("a.logger", logging.WARNING, "file", 1, message, words, None)
    record.__dict__ |= more
    logs.RequestId().filter(record)
    return {"line": logs.Line, "json": logs.Json}[form]().format(record)


def test_a_line_tells_who_says_it_and_of_which_request():
    token = logs.request_id.set("0123456789abcdef")
    try:
        line = written("line", "not %s", "ready")
    finally:
        logs.request_id.reset(token)

    assert line.endswith("WARNING a.logger 0123456789abcdef: not ready")


def test_json_tells_the_same_in_one_object_a_line():
    said = json.loads(written("json", "준비되지 %s", "않음"))

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", said.pop("time"))
    assert said == {
        "level": "WARNING",
        "logger": "a.logger",
        "request": "-",
        "message": "준비되지 않음",
    }


def test_json_has_a_traceback_in_the_same_line():
    try:
        raise ValueError("no such thing")
    except ValueError:
        line = written("json", "failed", exc_info=sys.exc_info())

    assert "\n" not in line
    assert json.loads(line)["traceback"].endswith("ValueError: no such thing")


def test_json_leaves_out_what_libraries_hang_on_to_a_line():
    line = written("json", "Not Found", request=RequestFactory().get("/?q=secret"), status_code=404)

    assert set(json.loads(line)) == {"time", "level", "logger", "request", "message"}
    assert "secret" not in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Not Found: /embargo/abcDEF123/ko.txt", "Not Found: /embargo/…"),
        ("Gone: /en/approval/abcDEF123/", "Gone: /en/approval/…"),
        ("<WSGIRequest: GET '/en/?q=refugee'>", "<WSGIRequest: GET '/en/?…'>"),
        ("mail to jane.doe@example.org failed", "mail to …@… failed"),
        ("Invalid request from ip=192.0.2.7: bad", "Invalid request from ip=…: bad"),
        (
            'duplicate key\nDETAIL:  Key (name)=(Jane) already exists.\nLINE 1: SELECT "x"\n   ^',
            "duplicate key\nDETAIL: …\nLINE 1: …",
        ),
    ],
)
@pytest.mark.parametrize("form", logs.FORMATS)
def test_nobody_can_be_known_from_what_is_written(form, text, said):
    line = written(form, text)

    assert said in (line if form == "line" else json.loads(line)["message"])
    assert not re.search("abcDEF|refugee|jane|Jane|192.0.2.7", line)


def test_what_happened_stays_in_it():
    text = 'connection to server at "10.0.0.3", port 5432 failed: FATAL: no such database'

    assert text in written("line", text)


# Requests


@pytest.fixture
def answered(settings):
    """Let a view answer; gives the answer and the id that the view had."""

    def answer(status: int, behind_proxy: bool = False, given: str = "") -> tuple:
        settings.BEHIND_PROXY = behind_proxy
        had = []

        def view(request):
            had.append(logs.request_id.get())
            return HttpResponse(status=status)

        request = RequestFactory().get("/", headers={"X-Request-ID": given} if given else {})
        return logs.middleware(view)(request), had[0]

    return answer


def test_each_request_has_an_id_of_its_own_and_leaves_none_behind(answered):
    (_, first), (_, second) = answered(200), answered(200)

    assert first != second
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert logs.request_id.get() == "-"


def test_an_error_names_its_request_and_a_page_does_not(answered):
    error, name = answered(500)

    assert error["X-Request-ID"] == name
    for status in (200, 304, 404, 410):
        assert "X-Request-ID" not in answered(status)[0]


def test_a_proxy_of_ours_may_name_the_request(answered):
    assert answered(200, behind_proxy=True, given="0f-well_formed-1")[1] == "0f-well_formed-1"


@pytest.mark.parametrize("given", ["short", "with spaces in it", "x" * 65, "line\u2028break-xxxxx"])
def test_a_name_that_is_not_well_formed_is_not_taken_over(answered, given):
    assert answered(200, behind_proxy=True, given=given)[1] != given


def test_a_stranger_may_not_name_the_request(answered):
    assert answered(200, behind_proxy=False, given="0f-well_formed-1")[1] != "0f-well_formed-1"


@pytest.mark.django_db
def test_an_error_of_the_site_is_written_with_its_request(client, settings, caplog):
    settings.BEHIND_PROXY = True
    caplog.handler.addFilter(logs.RequestId())
    client.get("/no/such/address/", headers={"X-Request-ID": "of-the-proxy-1"})

    assert [record.request_id for record in caplog.records] == ["of-the-proxy-1"]


@pytest.mark.parametrize("form", logs.FORMATS)
def test_gunicorn_writes_as_the_site_does(form, capsys):
    before = logging.root.handlers[:], logging.root.level
    try:
        logging.config.dictConfig(logs.configuration(form))
        logging.root.handlers[0].setStream(sys.stderr)
        logging.getLogger("gunicorn.error").warning("Invalid request from ip=192.0.2.7: bad")
        line = capsys.readouterr().err
    finally:
        logging.root.handlers[:], logging.root.level = before[0], before[1]

    assert "gunicorn.error" in line
    assert "ip=…: bad" in line
