"""What happens to a running newsroom whose clock jumps a day forwards, and back?

    .venv/bin/python -m tests.faults.clock_jumps         on SQLite, in ten seconds

What must hold: nothing is shown before the clock
says so, and what was shown too early by a wrong clock is gone once that is set right; no kept page
is stuck in the future; sessions, shared links, throttles and counts go on; nobody gets a fault.
Ends with 1 where that is not so.
"""

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.serving import serving

from .crowd import SERVED, Verdict, ask, editor, form, form_of_new, page, prepare, reading

PASSWORD = "a password that nobody guesses"


def main() -> int:
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        prepare(f"sqlite:///{folder}/db.sqlite3", folder)
        from django.contrib.auth.models import User
        from django.db import connection
        from django.db.models import Sum
        from django.utils import timezone

        from releases import sharing
        from releases.models import DailyViews, Purpose, ViewCounter
        from tests.factories import ReleaseFactory

        soon = timezone.now() + timedelta(hours=12)
        read = ReleaseFactory(title_ko="읽히는 소식", publish_at=timezone.now() - timedelta(days=9))
        due = ReleaseFactory(title_ko="열두 시간 뒤", publish_at=soon)
        key = editor()
        User.objects.create_superuser("owner", password=PASSWORD)
        _link, link = sharing.make(due, "A newspaper", Purpose.READING)
        entries = form_of_new(key)
        connection.close()
        clock = Path(folder, "clock")
        told = []

        def jump(days: int) -> None:
            clock.write_text(str(days))
            time.sleep(1.2)  # an edition is trusted for a second

        def get(path: str, **headers: str):
            told.append(ask(newsroom.port, page(path, **headers)))
            return told[-1]

        def readings(number: int) -> int:
            for _ in range(number):
                told.append(ask(newsroom.port, reading(read.pk)))
            return sum(answer.status == 200 for answer in told[-number:])

        def save(title: str) -> bool:
            told.append(
                ask(
                    newsroom.port,
                    form("/admin/releases/release/add/", entries | {"title_ko": title}, key),
                )
            )
            return told[-1].status == 302 and "/login/" not in told[-1].head

        def sign_in(name: str, password: str) -> int:
            words = {"username": name, "password": password}
            told.append(ask(newsroom.port, form("/en/admin/login/", words, "")))
            return told[-1].status

        clock.write_text("0")
        app, environment = "tests.faults.moved_clock", SERVED | {"CLOCK": str(clock)}
        here, there = read.get_absolute_url(), due.get_absolute_url()
        with serving(f"sqlite:///{folder}/db.sqlite3", 2, app, **environment) as newsroom:
            counted = 0
            for days, name in ((0, "right"), (1, "a day ahead"), (0, "right again"),
                               (-1, "a day behind"), (0, "right in the end")):  # fmt: skip
                jump(days)
                is_due = 200 if days == 1 else 404
                print(f"the clock is {name}:", flush=True)
                before = [get(here) for _ in range(8)]
                acknowledged = readings(5)
                counted += acknowledged
                verdict("readings are acknowledged", acknowledged == 5)
                verdict(f"what is due in 12 hours is {is_due}",
                        {get(there).status for _ in range(8)} == {is_due})  # fmt: skip
                listed = {due.title_ko in get("/").body.decode() for _ in range(8)}
                verdict("and listed as well as it is there", listed == {is_due == 200})
                verdict("the page is shown", {answer.status for answer in before} == {200})
                aged = [answer for answer in before if "\r\nAge:" in answer.head]
                verdict("as a fresh one", not aged)
                # Who does nothing for twelve hours signs in again (iomnews/accounts/sessions.py).
                is_in = days < 1
                desk = get("/admin/", Cookie=f"__Host-sessionid={key}").status
                verdict(f"the desk answers the editor {desk}", (desk == 200) == is_in)
                verdict(f"who {'saves' if is_in else 'does not'}", save(f"소식 {name}") == is_in)
                shared = get(f"/embargo/{link}/").status
                verdict("the shared link opens, or leads on", shared in (200, 302))
                tries = [sign_in("owner", "wrong") for _ in range(6)]
                print(f"    guesses are answered {tries}", flush=True)
                verdict("guessing is stopped", tries[-1] == 429)
            log = newsroom.log.read_text()
        total = ViewCounter.objects.get(release=read).total
        days = DailyViews.objects.filter(release=read)
        verdict(
            f"{counted} readings acknowledged, {total} counted, by day "
            f"{dict(days.values_list('day', 'count'))}".replace("datetime.date", ""),
            counted == total == days.aggregate(sum=Sum("count"))["sum"],
        )
        faults = [answer for answer in told if answer.status >= 500 or not answer.status]
        verdict(f"{len(told)} requests, {len(faults)} faults", not faults)
        verdict("no traceback", "Traceback" not in log)
        if not verdict.right:
            print(log[-4000:])
    return not verdict.right


if __name__ == "__main__":
    sys.exit(main())
