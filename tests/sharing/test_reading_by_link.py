"""A release under embargo, read by a link (P5)."""

import pytest

from releases.models import LinkOpening
from tests.desk.roles import person, signed_in
from tests.reading import read

from .links import SECRET, reader, scheduled

pytestmark = pytest.mark.django_db


def test_a_link_made_at_the_desk_opens_its_release(client):
    release = scheduled()
    editor = signed_in(person("editor"))
    asked = {"label": "한국일보", "purpose": "reading", "until": "posted"}

    made = editor.post(f"/admin/releases/release/{release.pk}/sharing/", asked)

    address = read(made).one("input", id="made-address")["value"]
    assert address.startswith("http://testserver/embargo/")
    for prefix, headline in (("", SECRET), ("/en", "Secret headline")):
        response = reader().get(address.replace("http://testserver", prefix))
        page = read(response)
        assert response.status_code == 200
        assert headline in page.one("h1").words
        assert page.one("article")["data-release-id"] == str(release.pk)
    assert LinkOpening.objects.count() == 2
