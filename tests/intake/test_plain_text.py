"""A release as plain text: as a journalist would have typed it, marks only where they must be."""

from datetime import timedelta

import pytest
from django.utils import translation

from releases.intake.layout import PLAIN
from releases.models import Release
from releases.plain_text import write_release
from tests.factories import (
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .test_saving import incoming, save
from .texts import A_RELEASE

pytestmark = pytest.mark.django_db

TEXT = "<p>The office reports.</p>"


def written(**values) -> str:
    """The text of a release in Iraq but for `values`, without the frame below its own text."""
    usual = {"title_ko": "소식", "body_en": TEXT, "mission": MissionFactory(name_en="Iraq")}
    release = ReleaseFactory(**usual | values)
    return write_release(release).removesuffix(
        "Posted on Tue, Sep-09-2014\n\n최신보도자료 모음 돌아가기\n\nViews – 0\n"
    )


def with_contacts(*contacts: dict[str, str]) -> str:
    release = ReleaseFactory(body_en=TEXT)
    for position, contact in enumerate(contacts):
        ReleaseContactFactory(release=release, position=position, **contact)
    text = write_release(Release.objects.get(pk=release.pk))
    return text.partition("please contact\n\n")[2].partition("\n\nPosted on")[0]


def test_a_usual_release_is_written_as_it_was_pasted():
    MissionFactory(name_en="Iraq")

    assert write_release(save(incoming()).release) == A_RELEASE


def test_a_place_opens_the_text():
    assert written() == "(2014/9/9) 소식\n\nIraq - The office reports.\n\n"
    assert written(mission=None) == "(2014/9/9) 소식\n\nThe office reports.\n\n"


def test_an_office_of_all_stands_above_them_once():
    one = {"name": "Name One", "office": "IOM Northtown", "phone": "+82 2 555 0101", "email": ""}
    two = one | {"name": "Name Two", "phone": "", "email": "two@example.org"}

    assert with_contacts(one, two) == (
        "IOM Northtown\n\nName One\nTel. +82 2 555 0101\n\nName Two\nEmail: two@example.org"
    )
    assert with_contacts(one, two | {"office": "IOM Southtown"}) == (
        "Name One\nIOM Northtown\nTel. +82 2 555 0101\n\n"
        "Name Two\nIOM Southtown\nEmail: two@example.org"
    )
    assert with_contacts(one) == "Name One\nIOM Northtown\nTel. +82 2 555 0101"


def test_contacts_that_would_read_as_others_are_marked():
    row = {"name": "Views – 3", "office": "Contact", "phone": "n/a", "email": ""}

    assert with_contacts(row) == f"{PLAIN}Views – 3\n{PLAIN}Contact\nTel. n/a"


@pytest.mark.parametrize(
    ("heading", "printed"),
    [
        ("Media contacts", "Media contacts"),
        ("문의", "문의"),
        ("", "For more information, please contact"),
        ("Whom to call", "For more information, please contact"),
        ("Contact: Name", "For more information, please contact"),
    ],
)
def test_a_heading_is_kept_where_a_reader_knows_it(heading, printed):
    release = ReleaseFactory(body_en=TEXT, contact_heading=heading)
    ReleaseContactFactory(release=release, name="Name One")

    assert f"The office reports.\n\n{printed}\n\nName One" in write_release(release)


def test_who_came_after_is_called_instead():
    after = PressContactFactory(name="Name Two", office="IOM Northtown", phone="", email="t@b.org")
    left = PressContactFactory(name="Name One", left_on=NINE.date(), successor=after)

    assert with_contacts({"name": "Name One", "contact": left}) == (
        "Name Two\nIOM Northtown\nEmail: t@b.org"
    )


def test_somebody_who_left_nobody_behind_is_named_without_a_way_to_call():
    left = PressContactFactory(left_on=NINE.date() - timedelta(days=1))

    assert with_contacts({"name": "Name One", "contact": left}).startswith("Name One")
    assert "555" not in with_contacts({"name": "Name One", "contact": left})


@pytest.mark.parametrize(
    "line",
    [
        "Views – 3",
        "Posted on Tue, Sep-09-2014",
        "Posted on Tue, Feb-30-2014",
        "(2014/9/9) another",
        "최신보도자료 모음 돌아가기",
        "문의",
    ],
)
def test_a_line_that_would_read_as_the_frame_is_marked(line):
    text = written(body_en=f"{TEXT}<p>{line}</p><p>{PLAIN}of our own</p>", mission=None)

    assert text.endswith(f"\n\n{PLAIN}{line}\n\n{PLAIN}{PLAIN}of our own\n\n")


def test_a_text_that_would_read_as_opening_with_a_place_is_marked():
    assert f"\n\n{PLAIN}Iraq - it is" in written(body_en="<p>Iraq - it is</p>", mission=None)
    assert "\n\nIraq - Iraq - it is" in written(body_en="<p>Iraq - it is</p>")


def test_a_place_that_would_not_read_as_one_is_marked():
    mission = MissionFactory(name_en="Region 1", slug="region")

    assert f"\n\nRegion 1 - {PLAIN}The office" in written(mission=mission)


def test_each_language_is_written_with_its_own_place():
    mission = MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq")
    release = ReleaseFactory(mission=mission, body_ko="<p>소식이다.</p>", title_en="News")

    assert "\n\n이라크 - 소식이다.\n\n" in write_release(release)
    with translation.override("en"):
        assert write_release(release).startswith("(2014/9/9) News\n\nIraq - The mission reports")


def test_a_draft_has_no_posted_line():
    assert "Posted on" not in written(publish_at=None, approved_at=None)


# The gate


def test_whatever_door_words_come_through_they_are_stored_clean():
    values = {"title_ko": " \x00두\u00a0줄\n제목 ", "body_en": "<div onclick='x()'>Text</div>"}
    saved = ReleaseFactory(**values)
    [bulk] = Release.objects.bulk_create([Release(release_date=NINE.date(), **values)])

    for release in (saved, bulk, *Release.objects.all()):
        assert (release.title_ko, release.body_en) == ("두 줄 제목", "<p>Text</p>")
