"""Links to a release, and browsers that open them."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from releases import sharing
from releases.models import Purpose, Release
from tests.factories import (
    DRAFT,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
    tomorrow,
)

SECRET = "비밀제목"
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MESSENGER = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"


def reader(address: str = "192.0.2.1", agent: str = PERSON) -> Client:
    """A person's browser, somewhere outside."""
    return Client(REMOTE_ADDR=address, headers={"User-Agent": agent})


def scheduled(**values: Any) -> Release:
    """A release with everything that a page shows, to be posted tomorrow."""
    words = {
        "title_ko": SECRET,
        "title_en": "Secret headline",
        "body_ko": "<p>비밀본문</p>",
        "body_en": "<p>Secret text</p>",
        "publish_at": tomorrow(),
        "slug": "hidden-address",
    }
    mission = values.pop("mission", None) or MissionFactory()
    release = ReleaseFactory(mission=mission, **words | values)
    ReleaseContactFactory(release=release, position=0, contact=PressContactFactory())
    return release


def draft(**values: Any) -> Release:
    return scheduled(**DRAFT | values)


def link_to(
    release: Release,
    label: str = "한국일보 기자",
    purpose: Purpose = Purpose.READING,
    expires_at: datetime | None = None,
) -> str:
    """The address of a new link, in Korean."""
    if expires_at is None and not sharing.has_time_to_come(release):
        expires_at = timezone.now() + timedelta(days=7)
    _link, token = sharing.make(release, label, purpose, expires_at)
    return f"/{'embargo' if purpose == Purpose.READING else 'approval'}/{token}/"


def to_approve(release: Release, label: str = "협력 기관") -> str:
    return link_to(release, label, Purpose.APPROVAL)


def post_now(release: Release) -> None:
    """Its time has come."""
    Release.objects.filter(pk=release.pk).update(publish_at=timezone.now())
