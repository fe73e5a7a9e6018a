"""What is asked of whoever publishes in spite of what the doctor found."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import DRAFT, ReleaseFactory
from tests.reading import read

from .roles import person, signed_in

pytestmark = pytest.mark.django_db


def test_publishing_now_compares_the_headline_with_today_and_not_with_the_planned_day():
    today = timezone.localdate()
    later = timezone.localtime() + timedelta(days=3)
    desk = signed_in(person("editor"))

    def disagreed(**values) -> list[bool]:
        release = ReleaseFactory(**DRAFT | {"publish_at": later} | values)
        pages = (
            read(desk.get(f"/admin/releases/release/{release.pk}/step/{verb}/"))
            for verb in ("publish_now", "schedule")
        )
        return ["와 게시일(" in page.one("main").words for page in pages]

    assert disagreed(release_date=today) == [False, True]
    assert disagreed(release_date=later.date()) == [True, False]


def test_a_warning_that_was_passed_over_is_said_in_words():
    release = ReleaseFactory(
        **DRAFT | {"publish_at": timezone.now() + timedelta(days=3)},
        release_date=timezone.localdate() + timedelta(days=3),
    )
    desk = signed_in(person("editor"))
    address = f"/admin/releases/release/{release.pk}/step/publish_now/"

    page = read(
        desk.post(
            address, read(desk.get(address)).one("div", class_="step-page").one("form").entries
        )
    )

    assert "주의 사항이 있습니다. 그래도 게시하려면 표시해 주세요." in page.one("main").words
    release.refresh_from_db()
    assert release.approved_at is None
