"""How many views a second are counted, against the same server answering an empty view.

    python -m benchmarks.counting                                        SQLite
    DURABLE=on tests/with_postgresql .venv/bin/python -m benchmarks.counting   PostgreSQL

Each round asks for nothing, for one release and for a thousand, one after another, so that
whatever else the machine does meets all of them; what counts is the ratio. Each reading is of an
address of its own. Needs wrk (Debian: apt install wrk). docs/performance-counting.md has figures.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from ipaddress import IPv4Address
from pathlib import Path

RELEASES = 1_000
CONNECTIONS = 32
# Each request of a run has an address of its own, but for FLOOD.
READERS = """
local first, next_one = tonumber(FIRST), 0
request = function()
  next_one = next_one + 1
  local number = first + next_one
  local address = string.format("%d.%d.%d.%d",
    math.floor(number / 16777216) % 256, math.floor(number / 65536) % 256,
    math.floor(number / 256) % 256, number % 256)
  local headers = {["Host"] = "news.example.org", ["X-Forwarded-Proto"] = "https",
    ["Sec-Fetch-Site"] = "same-origin", ["Content-Length"] = "0",
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    ["X-Forwarded-For"] = address}
  FLOOD
  return wrk.format("POST", PATH, headers)
end
"""
ONE_ADDRESS = """
  headers["X-Forwarded-For"] = "192.0.2.1"
  headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:" .. number .. ") Firefox/128.0"
"""


def newsroom_with_an_empty_view():
    """The newsroom for gunicorn, with /empty/ in front of what it serves."""
    from django.http import HttpResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from iomnews.wsgi import application  # sets Django up, which the next line needs

    from iomnews import urls  # isort: skip

    urls.urlpatterns.insert(0, path("empty/", csrf_exempt(lambda request: HttpResponse())))
    return application


class Crowd:
    """wrk, asking one kind of thing for a while; no address comes twice."""

    def __init__(self, port: int, seconds: int):
        self.port, self.seconds = port, seconds
        self.next_address = int(IPv4Address("10.0.0.0"))

    def rate(self, path: str, flood: bool = False) -> float:
        """Requests a second to the Lua expression `path`; raises if any was refused."""
        script = READERS.replace("FIRST", str(self.next_address)).replace("PATH", path)
        script = script.replace("FLOOD", ONE_ADDRESS if flood else "")
        self.next_address += 1_000_000
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
            file.write(script)
            file.flush()
            said = subprocess.run(
                ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{self.seconds}s", "-s", file.name]
                + [f"http://127.0.0.1:{self.port}/"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        rate = float(re.search(r"Requests/sec: *([\d.]+)", said)[1])
        if not rate or (not flood and "Non-2xx" in said):
            raise RuntimeError(said)
        return rate


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=4, help="of each kind in a round")
    arguments.add_argument("--processes", type=int, default=2)
    chosen = arguments.parse_args()

    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3"
        os.environ["DATABASE_URL"] = database
        pks = prepare()
        from tests.serving import Reading, read_by_crowd, serving

        with serving(
            database,
            chosen.processes,
            "benchmarks.counting:newsroom_with_an_empty_view()",
            WEB_THREADS="4",
        ) as newsroom:
            read_by_crowd(newsroom.port, [Reading(pks[0], "192.0.2.2")], 1)  # it has started
            crowd = Crowd(newsroom.port, chosen.seconds)
            kinds = {
                "empty view": {"path": '"/empty/"'},
                "one hot release": {"path": f'"/releases/{pks[0]}/views/"'},
                "1,000 releases": {
                    "path": f'"/releases/" .. {pks[0]} + number % {len(pks)} .. "/views/"'
                },
                "flood from one address": {
                    "path": f'"/releases/{pks[0]}/views/"',
                    "flood": True,
                },
            }
            rates = {kind: [] for kind in kinds}
            for _ in range(chosen.rounds + 1):
                for kind, asked in kinds.items():
                    rates[kind].append(crowd.rate(**asked))
    print(f"{database.split(':')[0]}, {chosen.processes} processes")
    for kind, measured in rates.items():
        ratios = [rate / empty for rate, empty in zip(measured, rates["empty view"], strict=True)]
        # The first round warms up.
        rate, ratio = statistics.median(measured[1:]), statistics.median(ratios[1:])
        print(f"{kind:24} {rate:7.0f}/s  {ratio:5.2f} of an empty view")


def prepare() -> list[int]:
    """Make the tables and RELEASES public releases; returns their numbers, which follow on."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from releases.models import Release
    from tests.factories import ReleaseFactory

    call_command("migrate", verbosity=0)
    Release.objects.bulk_create(ReleaseFactory.build() for _ in range(RELEASES))
    pks = sorted(Release.objects.values_list("pk", flat=True))
    assert pks == list(range(pks[0], pks[0] + RELEASES))
    return pks


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    main()
