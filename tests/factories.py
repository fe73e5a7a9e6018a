"""The common case of each model; a test states only what it is about."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from contacts.models import Mission, PressContact
from releases.models import Release, ReleaseContact, State, ViewCounter

SEOUL = ZoneInfo("Asia/Seoul")
NINE = datetime(2014, 9, 9, 9, tzinfo=SEOUL)
ONE_SECOND = timedelta(seconds=1)

_number = itertools.count(1)


class _Factory:
    """Call it for one saved object; `build` makes one unsaved, `create_batch` several."""

    model: type

    def __init__(self, model: type, defaults):
        self.model, self.defaults = model, defaults

    def build(self, **values: Any):
        return self.model(**self.defaults(next(_number)) | values)

    def __call__(self, **values: Any):
        built = self.build(**values)
        built.save(force_insert=True)
        return built

    def create_batch(self, size: int, **values: Any) -> list:
        return [self(**values) for _ in range(size)]


def _release(number: int) -> dict[str, Any]:
    return {
        "title_ko": f"이주민 지원 소식 {number}",
        "body_en": f"<p>The mission reports on its work, part {number}.</p>",
        "release_date": date(2014, 9, 9),
        "publish_at": NINE,
        "submitted_at": NINE,
        "approved_at": NINE,
    }


def _mission(number: int) -> dict[str, Any]:
    return {
        "name_ko": f"나라 {number}",
        "name_en": f"Country {number}",
        "slug": f"country-{number}",
        "time_zone": "Asia/Seoul",
    }


def _press_contact(number: int) -> dict[str, Any]:
    return {
        "name": f"Press desk {number}",
        "office": "IOM Exampleland",
        "phone": "+82 2 555 0101",
        "email": f"desk{number}@example.org",
    }


def _release_contact(number: int) -> dict[str, Any]:
    return {
        "position": number,
        "name": f"Press desk {number}",
        "phone": "+82 2 555 0101",
        "email": f"desk{number}@example.org",
    }


class _ReleaseFactory(_Factory):
    """Give it `views` for what was counted, here or on the old site."""

    def __call__(self, *, views: int = 0, imported_views: int = 0, **values: Any):
        release = super().__call__(**values)
        if views or imported_views:
            ViewCounter.objects.create(release=release, total=views, imported=imported_views)
        return release


ReleaseFactory = _ReleaseFactory(
    Release, _release
)  # public since 2014, Korean headline, English body
MissionFactory = _Factory(Mission, _mission)
PressContactFactory = _Factory(PressContact, _press_contact)
ReleaseContactFactory = _Factory(ReleaseContact, _release_contact)  # give it `release`

DRAFT = {"submitted_at": None, "approved_at": None, "publish_at": None}
IN_REVIEW = {"submitted_at": NINE, "approved_at": None, "publish_at": None}
SCHEDULED = {"publish_at": datetime(2999, 1, 1, tzinfo=SEOUL)}
WITHDRAWN = {"withdrawn_at": NINE + timedelta(days=1)}
NOT_PUBLIC = {
    State.DRAFT: DRAFT,
    State.IN_REVIEW: IN_REVIEW,
    State.SCHEDULED: SCHEDULED,
    State.WITHDRAWN: WITHDRAWN,
}


def tomorrow() -> datetime:
    """This time tomorrow: a scheduled release's `publish_at`."""
    return timezone.now() + timedelta(days=1)
