"""How the desk says where a release stands and when it goes out."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from contacts.bilingual import reader_language
from releases import sharing, versions, workflow
from releases.dates import korean_date, posted_date
from releases.models import State

# What the log says of each step, after a name; not every step is a verb of the workflow.
DONE = {name: verb.done for name, verb in workflow.VERBS.items()} | versions.LOGGED | sharing.LOGGED


def state_badge(state: State, is_shared: bool = False) -> SafeString:
    """The state in words, in a frame that shows it by a colour as well.

    `is_shared`: a link is out, so what is scheduled is under embargo.
    """
    words = state.label
    if is_shared and state == State.SCHEDULED:
        words = f"{words} · {_('Under embargo')}"
    return format_html('<span class="state state-{}">{}</span>', state.value, words)


def seoul_time(moment: datetime) -> str:
    """Day and hour of `moment` in Seoul: "2026년 11월 24일(화) 14:05", "Tue, Nov-24-2026 14:05"."""
    day = korean_date(moment) if reader_language() == "ko" else posted_date(moment)
    return f"{day} {timezone.localtime(moment):%H:%M}"


def time_left(moment: datetime) -> str:
    """How long until `moment`, in two units at most: "in 3 days, 4 hours"."""
    return _("in %(time)s") % {"time": timeuntil(moment)}


def number_of(number: int) -> str:
    """`number` as the reader's language writes it: "1,234"."""
    return number_format(number, force_grouping=True)


def change_of(number: int) -> str:
    """A change with its sign: "+1,234", "-56"."""
    return f"+{number_of(number)}" if number > 0 else number_of(number)


def percent_of(share: float | None) -> str:
    """A change in percent: "+12.5%", "" where there is none."""
    if share is None:
        return ""
    return f"{'+' if share > 0 else ''}{number_format(share, 1, force_grouping=True)}%"
