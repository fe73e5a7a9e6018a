"""What the templates of the desk ask of releases; so the directory need know nothing of them."""

from datetime import datetime
from math import ceil
from typing import Any

from django import template
from django.utils import timezone

from contacts.models import Mission, PressContact
from releases import sharing, shown, versions
from releases.admin import desk, words
from releases.models import Release
from releases.people import name_of
from releases.versions import moment_in_seoul

register = template.Library()
register.filter(moment_in_seoul)
register.filter(words.state_badge)
register.filter(sharing.is_under_embargo)
register.filter(words.seoul_time)
register.filter(words.time_left)
register.filter(words.change_of)
register.filter(words.percent_of)
register.filter(name_of)
register.simple_tag(shown.marked_text)


@register.filter
def seconds_left(at: datetime) -> int:
    """Whole seconds from now until `at`, begun ones too."""
    return max(0, ceil((at - timezone.now()).total_seconds()))


@register.simple_tag(takes_context=True)
def desk_overview(context: template.Context) -> desk.Overview | None:
    return desk.overview(context["request"].user)


@register.inclusion_tag("admin/releases/_latest.html", takes_context=True)
def releases_of(context: template.Context, entry: Mission | PressContact) -> dict[str, Any]:
    """The latest releases of a mission, or those that name a contact."""
    latest = desk.latest_of_mission if isinstance(entry, Mission) else desk.latest_of_contact
    return {"latest": latest(entry, context["request"].user)}


@register.simple_tag(takes_context=True)
def releases_answered_by(context: template.Context, contact: PressContact) -> desk.Latest | None:
    """The releases whose readers are led to `contact` today."""
    return desk.answered_by(contact, context["request"].user)


@register.inclusion_tag("admin/releases/release/_approvals.html", takes_context=True)
def approvals_of(
    context: template.Context, release: Release, is_in_form: bool = False
) -> dict[str, Any]:
    """What partners answered about `release`, and whether it has changed since.

    Asking again is a form of its own: within another one there is a link to it.
    """
    approvals = sharing.approvals_of(release)
    may_ask = (
        bool(approvals)
        and sharing.may_share(context["request"].user, release)
        and not sharing.refusal(release)
    )
    return {
        "approvals": approvals,
        "newest": versions.newest_number(release) if approvals else 0,
        "may_ask": may_ask,
        "is_in_form": is_in_form,
        "csrf_token": context.get("csrf_token"),
    }
