"""Processes that serve the newsroom, and the clock of them all, which stands until it is moved."""

import itertools
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from iomnews.pages import PageCacheMiddleware
from iomnews.stores import BoundedCache
from releases import edition
from releases.edition import Watch

_numbers = itertools.count()


class Clock:
    """The only clock there is: it stands, at `at`, until it is moved on."""

    def __init__(self, at: datetime, monkeypatch):
        self.at = at
        monkeypatch.setattr(timezone, "now", self.now)
        monkeypatch.setattr(time, "time", self.seconds)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def pass_(self, span: timedelta) -> None:
        self.at += span


class Process:
    """The whole chain of middleware with a memory and a knowledge of the edition of its own.

    `made` holds the paths whose pages it had to make.
    """

    def __init__(self, clock: Clock):
        chain = BaseHandler()
        chain.load_middleware()
        self.made: list[str] = []

        def make(request):
            self.made.append(request.get_full_path())
            return chain.get_response(request)

        self.watch = Watch(clock.seconds, clock.now)
        self.memory = BoundedCache(f"process {next(_numbers)}", {"OPTIONS": {"max_bytes": 2**22}})
        self.ask = PageCacheMiddleware(make, self.watch, self.memory)

    def get(self, address: str, method: str = "get", **headers) -> HttpResponse:
        return self.ask(getattr(RequestFactory(), method)(address, headers=headers))


def starter(clock: Clock, settings, monkeypatch) -> Callable[[], Process]:
    """Call it to start another process; edits are made in the one that was started first."""
    started = []

    def start() -> Process:
        settings.PAGE_CACHE_MB = 0
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "PageCache" not in name]
        settings.PAGE_CACHE_MB = 4
        started.append(Process(clock))
        monkeypatch.setattr(edition, "watch", started[0].watch)
        return started[-1]

    return start
