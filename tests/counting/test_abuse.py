"""What is no reading is refused by the server as it runs, at once, and nothing is written.

What Django's test client can show of this stands in other tests; it has no connection to hold.
"""

import asyncio

import pytest
from django.db import connection

from releases.models import DailyViews, ReaderKey, RecentReader, ViewCounter
from tests.factories import ReleaseFactory
from tests.serving import Reading, address_of_database, ask, beacon, run, serving

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 20  # readings of a release from one address
SOON = 60  # seconds: far longer than an answer takes
CLIENT = "198.51.100.1"


@pytest.fixture
def newsroom(transactional_db):
    address = address_of_database(connection)
    with serving(address, processes=2, READINGS_PER_ADDRESS=str(MOST)) as newsroom:
        yield newsroom


def statuses(port: int, requests: list[bytes]) -> list[int]:
    """What all `requests` at once are answered; raises TimeoutError if one is kept waiting."""

    async def everybody():
        return await asyncio.gather(*(ask(port, request) for request in requests))

    answers = run(asyncio.wait_for(everybody(), SOON))
    return [status for status, _body in answers]


def with_head(request: bytes, **fields: str) -> bytes:
    """`request` with these fields in its head, in place of what it had; an empty one goes."""
    first, *lines = request.decode().removesuffix("\r\n\r\n").split("\r\n")
    head = dict(line.split(": ", 1) for line in lines)
    head |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return "\r\n".join([first, *lines, "", ""]).encode()


def test_what_is_no_reading_is_refused_and_writes_nothing(newsroom):
    reading = beacon(Reading(ReleaseFactory().pk, CLIENT))
    line = reading.split(b"\r\n", 1)[0]
    many = {f"X-{number}": "1" for number in range(200)}
    refused = [
        (403, with_head(reading, Sec_Fetch_Site="cross-site")),
        (403, with_head(reading, Sec_Fetch_Site="same-site")),
        (403, with_head(reading, Sec_Fetch_Site="none")),
        (403, with_head(reading, Sec_Fetch_Site="", Origin="https://elsewhere.example.org")),
        (403, with_head(reading, Sec_Fetch_Site="", Origin="null")),
        (403, with_head(reading, Sec_Fetch_Site="")),
        # A body is refused as soon as it is announced; nobody waits for what never comes.
        (413, with_head(reading, Content_Length="1000000000", Connection="")),
        (413, with_head(reading, Content_Length="", Transfer_Encoding="chunked", Connection="")),
        (413, with_head(reading, Content_Length="2", Content_Type="application/json") + b"{}"),
        (415, with_head(reading, Content_Type="application/json")),
        (415, with_head(reading, Content_Type="multipart/form-data; boundary=x")),
        *(
            (405, reading.replace(b"POST", word, 1))
            for word in (b"GET", b"PUT", b"DELETE", b"FETCH")
        ),
        (405, reading.replace(b"/views/", b"/views.gif", 1)),
        # The rest is refused before the site hears of it.
        (431, with_head(reading, Cookie="x" * 10_000)),
        (431, with_head(reading, **many)),
        (414, reading.replace(line, line.replace(b" HTTP", b"?" + b"x" * 10_000 + b" HTTP"))),
        (400, with_head(reading, Content_Length="-1")),
        (400, with_head(reading, Transfer_Encoding="chunked")),  # and Content-Length
    ]

    assert statuses(newsroom.port, [request for _, request in refused]) == [
        status for status, _ in refused
    ]
    for table in (ViewCounter, DailyViews, RecentReader, ReaderKey):
        assert not table.objects.exists()


def test_the_connection_ends_with_the_answer_to_a_body_that_may_never_come(newsroom):
    announced = with_head(
        beacon(Reading(ReleaseFactory().pk, CLIENT)), Content_Length="1000000000", Connection=""
    )

    async def head_of_the_answer() -> bytes:
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", newsroom.port)
        outgoing.write(announced)
        head = await incoming.readuntil(b"\r\n\r\n")
        outgoing.close()
        return head

    head = run(asyncio.wait_for(head_of_the_answer(), SOON))

    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nConnection: close\r\n" in head


def test_a_flood_from_one_address_raises_the_number_to_a_bound_and_leaves_others_alone(newsroom):
    pk = ReleaseFactory().pk
    names = [f"Mozilla/5.0 (X11; Linux x86_64; rv:{number}) Firefox/128.0" for number in range(300)]

    flood = statuses(newsroom.port, [beacon(Reading(pk, CLIENT), name) for name in names])

    assert flood.count(200) == MOST
    assert flood.count(429) == len(names) - MOST
    assert ViewCounter.objects.get(release=pk).total == MOST
    assert DailyViews.objects.get(release=pk).cut_off == 1
    # One row for each reading, one for the address: what floods brings no more to keep.
    assert RecentReader.objects.count() == MOST + 1
    assert statuses(newsroom.port, [beacon(Reading(pk, "198.51.100.2"))]) == [200]
