"""A public release is changed: silently, or with a correction that everybody can read."""

import pytest

from tests.desk.keeping import EDITOR, at_desk, saved
from tests.desk.people import person
from tests.factories import ReleaseFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

NOTES = {
    "correction_note_ko": "인원을 3천 명에서 3만 명으로 바로잡았습니다.",
    "correction_note_en": "The number of people was 30,000, not 3,000.",
}
CORRECTION = {"correction_kind": "correction", **NOTES}


@pytest.fixture
def desk():
    return at_desk(person(EDITOR))


@pytest.fixture
def release():
    return ReleaseFactory(
        title_ko="구호품 도착", title_en="Relief arrives", body_ko="<p>3천 명이 받았다.</p>",
        body_en="<p>Some 3,000 people were helped.</p>",
    )  # fmt: skip


def page_of(client, release, language="ko"):
    return read(client.get(release.get_absolute_url(language=language)))


def test_a_correction_made_at_the_desk_shows_on_the_public_page(client, desk, release):
    response = saved(desk, release, body_en="<p>Some 30,000 people were helped.</p>", **CORRECTION)

    assert response.status_code == 302
    page = page_of(client, release, "en")
    box = page.one("section", class_="corrections")
    assert box.one("h2").words == "Corrected"
    assert NOTES["correction_note_en"] in box.words
    link = box.one("a")["href"]
    assert link == f"/en/releases/{release.pk}/corrections/1/"
    difference = read(client.get(link))
    assert difference.all("ins")[-1].words == "[added: 0 ]"
    assert "people were helped" in difference.one("p", class_="marked").words
