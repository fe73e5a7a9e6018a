"""Reports of faults to a service that speaks Sentry's protocol, where SENTRY_DSN names one.

A report says where in the code it failed, at which address and in which request. It holds nothing
of whoever asked: no address, cookie, query or form, no name and no values of variables.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .logs import request_id, without_people

# Of a request the rest is left out: its body, cookies, query and the environment of the server.
OF_REQUEST = ("method", "url")
OF_REPORT = (
    "event_id",
    "timestamp",
    "level",
    "platform",
    "logger",
    "message",
    "logentry",
    "exception",
    "transaction",
    "environment",
    "release",
    "request",
    "tags",
    "sdk",
)


def start(dsn: str) -> None:
    """Report what fails in this process from now on; raises ImproperlyConfigured without SDK."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError as error:
        raise ImproperlyConfigured("SENTRY_DSN needs `pip install sentry-sdk`.") from error
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        default_integrations=False,
        integrations=[
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),
            LoggingIntegration(level=None),
        ],
        before_send=scrubbed,
        server_name="",
    )


def scrubbed(report: dict[str, Any], hint: dict[str, Any] | None = None) -> dict[str, Any]:
    """`report` with what tells of the code alone; the request that failed as a tag."""
    kept = {name: value for name, value in report.items() if name in OF_REPORT}
    if request := kept.get("request"):
        kept["request"] = {name: request[name] for name in OF_REQUEST if name in request}
        if "url" in kept["request"]:
            kept["request"]["url"] = (
                urlsplit(request["url"])._replace(query="", fragment="").geturl()
            )
    kept = _cleaned(kept)
    kept["tags"] = {"request": request_id.get()}
    return kept


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return without_people(value)
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items() if name != "vars"}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value
