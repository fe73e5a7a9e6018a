"""The addresses of a release: one is right, the others lead there, and none betrays a secret."""

import unicodedata
from urllib.parse import quote, unquote

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from contacts.addresses import address_of

from .factories import DRAFT, IN_REVIEW, SCHEDULED, WITHDRAWN, ReleaseContactFactory, ReleaseFactory

pytestmark = pytest.mark.django_db

LANGUAGES = pytest.mark.parametrize("prefix", ["", "/en"], ids=["ko", "en"])


@LANGUAGES
@pytest.mark.parametrize(
    "wrong", ["", "somewhere/", "relief-arrives/", "구호품/", "구호품-도착-2/", "구호품-도착.txt/"]
)
def test_another_slug_or_none_leads_to_the_right_address_for_good(client, prefix, wrong):
    release = ReleaseFactory(title_ko="구호품 도착")

    response = client.get(f"{prefix}/releases/{release.pk}/{wrong}")

    assert response.status_code == 301
    assert unquote(response["Location"]) == f"{prefix}/releases/{release.pk}/구호품-도착/"


@LANGUAGES
def test_another_slug_leads_to_the_right_address_of_the_plain_text(client, prefix):
    release = ReleaseFactory(title_ko="구호품 도착")

    response = client.get(f"{prefix}/releases/{release.pk}/somewhere.txt")

    assert response.status_code == 301
    assert unquote(response["Location"]) == f"{prefix}/releases/{release.pk}/구호품-도착.txt"


NEVER_READ = {
    "draft": DRAFT,
    "in review": IN_REVIEW,
    "scheduled": SCHEDULED,
    "withdrawn before its hour": SCHEDULED | WITHDRAWN,
}


@LANGUAGES
@pytest.mark.parametrize("times", NEVER_READ.values(), ids=NEVER_READ)
@pytest.mark.parametrize(
    "end", ["{slug}/", "{slug}.txt", "", "somewhere/", "somewhere.txt", "contacts/0.vcf"]
)
def test_no_address_betrays_a_release_that_nobody_could_read(client, prefix, times, end):
    release = ReleaseFactory(**times)
    ReleaseContactFactory(release=release, position=0)
    end = end.format(slug=release.slug)

    hidden = client.get(f"{prefix}/releases/{release.pk}/{end}")
    absent = client.get(f"{prefix}/releases/{release.pk + 1}/{end}")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert hidden.headers == absent.headers


@LANGUAGES
@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("{slug}/", 410),
        ("", 410),
        ("somewhere/", 410),
        ("{slug}.txt", 410),
        ("contacts/0.vcf", 410),
    ],
)
def test_no_address_shows_words_of_a_release_that_was_withdrawn(client, prefix, end, status):
    release = ReleaseFactory(title_ko="구호품", body_en="<p>Relief</p>", **WITHDRAWN)
    ReleaseContactFactory(release=release, position=0, name="Press desk")

    answer = client.get(f"{prefix}/releases/{release.pk}/{end.format(slug=release.slug)}")

    assert answer.status_code == status
    assert not any(words in answer.text for words in ("구호품", "Relief", "Press desk"))


@pytest.mark.parametrize("end", ["", "somewhere/", "somewhere.txt"])
@pytest.mark.parametrize(
    "number", ["0", "-1", "１", "1.0", *map(str, (2**31, 2**63 - 1, 2**63, 10**30)), "9" * 5000]
)
def test_a_number_that_no_release_has_is_not_found(client, number, end):
    ReleaseFactory(pk=1)

    assert client.get(f"/releases/{number}/{end}").status_code == 404


def test_a_decomposed_headline_has_a_composed_address(client):
    decomposed = unicodedata.normalize("NFD", "난민 지원")
    release = ReleaseFactory(title_ko=decomposed)

    composed = f"/releases/{release.pk}/{quote('난민-지원')}/"

    assert release.get_absolute_url() == composed
    assert client.get(composed).status_code == 200
    old = client.get(f"/releases/{release.pk}/{quote(decomposed.replace(' ', '-'))}/")
    assert (old.status_code, old["Location"]) == (301, composed)


@pytest.mark.parametrize(
    ("titles", "slug"),
    [
        ({"title_ko": "구호품 1,000세트, 도착!"}, "구호품-1000세트-도착"),
        ({"title_ko": "", "title_en": "Relief Arrives"}, "relief-arrives"),
        ({"title_ko": "구호품", "title_en": "Relief"}, "구호품"),
        ({"title_ko": "“…”"}, "release"),
        ({"title_ko": "가" * 300}, "가" * 80),
        ({"title_ko": "가" * 79 + " 나"}, "가" * 79),
        ({"title_ko": "구호품", "slug": "relief"}, "relief"),
        # Readings are told at /releases/<id>/views/.
        ({"title_ko": "", "title_en": "Views"}, "release"),
        ({"title_ko": "구호품", "slug": "views"}, "구호품"),
    ],
)
def test_the_address_is_made_of_the_headline_unless_somebody_chose_one(client, titles, slug):
    release = ReleaseFactory(**titles)

    assert release.slug == slug
    assert client.get(release.get_absolute_url()).status_code == 200


def test_a_corrected_headline_keeps_the_address():
    release = ReleaseFactory(title_ko="구호품 도착")

    release.title_ko = "구호품 1,000세트 도착"
    release.save()

    assert release.slug == "구호품-도착"


WORDS = st.one_of(
    st.text(max_size=12),
    st.text("가나힣ab-_09", min_size=1, max_size=12),
    st.sampled_from(["stand-in-0", "자리-1", "9000000000", "%s", "구호품-도착", "a/b", "..", "é"]),
)
NUMBERS = st.integers(min_value=-1, max_value=2**70)


@given(
    name=st.sampled_from(
        ["releases:detail", "releases:text", "releases:vcard", "releases:mission"]
    ),
    values=st.lists(st.one_of(NUMBERS, WORDS), max_size=3),
    named=st.dictionaries(
        st.sampled_from(["pk", "slug", "place"]), st.one_of(NUMBERS, WORDS), max_size=2
    ),
    language=st.sampled_from(["ko", "en"]),
)
def test_an_address_is_the_one_that_django_would_give(name, values, named, language):
    if named:
        values = []  # either all are named or none
    with translation.override(language):
        try:
            address = reverse(name, args=values, kwargs=named)
        except NoReverseMatch:
            with pytest.raises(NoReverseMatch):
                address_of(name, *values, **named)
        else:
            assert address_of(name, *values, **named) == address
