"""Moving in as somebody at the desk does it, step by step, with the work done in between."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from releases.models import Move
from releases.moving_in import working
from tests.desk.people import EDITOR, person, signed_in

MOVES = "/en/admin/releases/move/"
TEXT = """\
(2014/9/9) 첫째 소식

Iraq - The first text.

Views – 7

(2014/9/10) 둘째 소식

Libya - The second text.

(2014/9/31) 없는 날의 소식

Kenya - The third text.
"""


def editor() -> Client:
    return signed_in(person(EDITOR))


def send(client: Client, content: str | bytes = TEXT, name: str = "old.txt") -> Move:
    """Send `content` and have it looked over by whoever works."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.post(MOVES, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return Move.objects.latest("pk")


def looked_over(client: Client, *args) -> Move:
    move = send(client, *args)
    working.work()
    move.refresh_from_db()
    return move


def do(client: Client, move: Move, what: str, **sent) -> Move:
    """Press the button `what` on the page of `move`; the move afterwards.

    To look it over sends what is chosen on the page, and so does to start it where something is.
    """
    chosen = {"chosen": "yes", **sent} if sent or what == "look" else {}
    answer = client.post(page_of(move), {"do": what, **chosen})
    assert answer.status_code == 302, answer.content.decode()
    move.refresh_from_db()
    return move


def page_of(move: Move) -> str:
    return f"{MOVES}{move.pk}/"
