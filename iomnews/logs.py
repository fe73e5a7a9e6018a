"""What the site writes of itself to stderr, a line an event: for people, or as JSON for machines.

Nobody can be known from it: no addresses, no browsers, no names, no words that were searched for.
What libraries say is cleaned on its way out. gunicorn's configuration reads this module, so it
stands without Django.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

FORMATS = ("line", "json")
NONE = "-"

# The request that this thread answers.
request_id: ContextVar[str] = ContextVar("request_id", default=NONE)

# What a proxy of ours may call a request: nginx's $request_id, a UUID, a number of a CDN.
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

UNSAID = [
    # Whoever has a link to a release before its time may read it; to a new password, too.
    (re.compile(r"/(embargo|approval|reset)/[^\s\"'?]+"), r"/\1/…"),
    (re.compile(r"(/[^\s\"'?]*)\?[^\s\"'>]+"), r"\1?…"),  # the query holds what was searched for
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    (re.compile(r"\bip=\S+?(?=:?\s|$)"), "ip=…"),  # gunicorn, of requests that it can't read
    # PostgreSQL: the row that does not fit, and the line of SQL.
    (re.compile(r"^(\s*(?:DETAIL|LINE \d+|CONTEXT):).*(?:\n\s*\^)?", re.MULTILINE), r"\1 …"),
]


def without_people(text: str) -> str:
    """`text` without what tells who somebody is, what they looked for, or a secret address."""
    for pattern, instead in UNSAID:
        text = pattern.sub(instead, text)
    return text


class RequestId(logging.Filter):
    """Gives each line the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django tells of an answer once it is through; then only the request knows.
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "id", None) or request_id.get()
        return True


class Line(logging.Formatter):
    """A line to read: when, how grave, who says it, of which request, what."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {request_id}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return without_people(super().format(record))


class Json(JsonFormatter):
    """One object a line: time, level, logger, request, message and, of a fault, traceback.

    What else a library hangs on to a line is left out: Django hangs the whole request there.
    """

    converter = time.gmtime  # machines of several places are read side by side
    SAID = {
        "asctime": "time",
        "levelname": "level",
        "name": "logger",
        "request_id": "request",
        "message": "message",
        "exc_info": "traceback",
    }

    def __init__(self):
        super().__init__(
            list(self.SAID),
            rename_fields=self.SAID,
            rename_fields_keep_missing=False,
            json_ensure_ascii=False,
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {
            name: without_people(str(value))
            for name, value in log_data.items()
            if name in self.SAID.values() and value
        }


def configuration(form: str) -> dict[str, Any]:
    """All logging of a process, for `logging.config.dictConfig`; `form` is one of FORMATS."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": RequestId}},
        "formatters": {"line": {"()": Line}, "json": {"()": Json}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["request"],
                "formatter": form,
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        # gunicorn's own, which would write by handlers of its own.
        "loggers": {
            "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
            "gunicorn.access": {"handlers": [], "propagate": True, "level": "INFO"},
            # It warns of each HEAD; the server leaves their content out, as is meant here.
            "gunicorn.http.wsgi": {"level": "ERROR"},
        },
    }


def id_of(given: str) -> str:
    """The id of a request: `given` where that is well-formed, else a new one."""
    return given if GIVEN.fullmatch(given) else uuid.uuid4().hex


def middleware(get_response: Callable) -> Callable:
    """Give each request that has to be worked on an id, and tell it with a fault of the site.

    Kept pages are answered before, without one. Nor may one stand on what will be kept, or tell two
    answers apart that must look alike (404, be there a secret or nothing), so only faults name it.
    """
    from django.conf import settings

    trusted = settings.BEHIND_PROXY

    def answer(request):
        request.id = id_of(request.META.get("HTTP_X_REQUEST_ID", "") if trusted else "")
        token = request_id.set(request.id)
        try:
            response = get_response(request)
            if response.status_code >= 500:
                response["X-Request-ID"] = request.id
            return response
        finally:
            request_id.reset(token)

    return answer
