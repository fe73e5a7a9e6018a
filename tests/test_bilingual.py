"""What a reader of Korean and a reader of English see of the same words."""

import pytest
from django.utils import translation

from contacts.bilingual import Bilingual, Text, in_one_language, language_of
from releases.models import Release

from .factories import MissionFactory, ReleaseFactory


class Sign:
    """A thing with words in two columns."""

    words = Bilingual("words")

    def __init__(self, words_ko: str, words_en: str):
        self.words_ko, self.words_en = words_ko, words_en


@pytest.mark.parametrize(
    ("reader", "sign", "words", "lang"),
    [
        ("ko", Sign("안녕", "Hello"), "안녕", "ko"),
        ("en", Sign("안녕", "Hello"), "Hello", "en"),
        ("ko", Sign("", "Hello"), "Hello", "en"),
        ("en", Sign("안녕", ""), "안녕", "ko"),
        ("ko", Sign("", ""), "", "ko"),
        ("en", Sign("", ""), "", "en"),
        ("en-gb", Sign("안녕", "Hello"), "Hello", "en"),
        (None, Sign("안녕", "Hello"), "안녕", "ko"),
    ],
)
def test_words_come_in_the_readers_language_or_else_in_the_other(reader, sign, words, lang):
    with translation.override(reader):
        read = sign.words

    assert (read, read.lang) == (words, lang)


def test_words_that_know_their_language_are_still_a_string():
    words = Text("안녕", "ko")

    assert words == "안녕"
    assert f"{words}!" == "안녕!"


def test_the_class_holds_the_descriptor_itself():
    assert isinstance(Release.title, Bilingual)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("이라크 난민 지원", "ko"),
        ("Aid for refugees in Iraq", "en"),
        ("IOM 이라크 UNHCR 공동 지원", "ko"),
        ("가abcd", "ko"),  # one letter in five
        ("가abcde", "en"),  # one in six
        ("The Korean word 정 means affection", "en"),
        ("ㅋㅋ", "ko"),
        ("\u1112\u1161\u11ab", "ko"),  # 한, in parts
        ("Ayuda a los niños", "en"),
        ("2014 / 9 / 9", "en"),
        ("", "en"),
    ],
)
def test_letters_tell_the_language(text, lang):
    assert language_of(text) == lang


# A release


def written(**values) -> Release:
    """A release with no words but `values`, not saved."""
    return Release(**values)


@pytest.mark.parametrize(
    ("values", "korean", "english"),
    [
        (
            {"summary_ko": "요약", "body_ko": "<p>본문</p>", "summary_en": "Sum", "body_en": "B"},
            ("요약", "ko"),
            ("Sum", "en"),
        ),
        (
            {"body_ko": "<p>본문</p>", "summary_en": "Sum"},
            ("본문", "ko"),
            ("Sum", "en"),
        ),
        (
            {"summary_ko": "요약", "body_en": "<p>Text &amp; more</p>"},
            ("요약", "ko"),
            ("Text & more", "en"),
        ),
        ({"summary_en": "Sum", "body_en": "<p>Text</p>"}, ("Sum", "en"), ("Sum", "en")),
        ({"body_ko": "<p>본문</p>"}, ("본문", "ko"), ("본문", "ko")),
        ({}, ("", "ko"), ("", "en")),
    ],
)
def test_the_readers_summary_or_opening_comes_before_the_other_summary(values, korean, english):
    release = written(**values)

    read = {}
    for reader in ("ko", "en"):
        with translation.override(reader):
            read[reader] = (release.summary, release.summary.lang)

    assert read == {"ko": korean, "en": english}


def test_a_long_text_opens_with_160_characters_at_most():
    fits, too_long = written(body_en="<p>" + "a" * 160), written(body_en="<p>" + "a" * 161)

    assert fits.summary == "a" * 160
    assert too_long.summary == "a" * 159 + "…"


@pytest.mark.parametrize(
    ("values", "place", "lang"),
    [
        ({"body_en": "<p>Text</p>"}, "Iraq", "en"),
        ({"body_ko": "<p>본문</p>"}, "이라크", "ko"),
        ({"body_ko": "<p>본문</p>", "body_en": "<p>Text</p>"}, "이라크", "ko"),
        ({"body_en": "<p>Text</p>", "dateline_en": "Erbil"}, "Erbil", "en"),
        ({"body_en": "<p>Text</p>", "dateline_ko": "아르빌"}, "Iraq", "en"),
    ],
)
@pytest.mark.django_db
def test_the_dateline_speaks_the_language_of_the_text(values, place, lang):
    iraq = MissionFactory(name_ko="이라크", name_en="Iraq")
    words = {"body_ko": "", "body_en": ""} | values

    release = ReleaseFactory(mission=iraq, **words)

    assert (release.dateline, release.dateline.lang) == (place, lang)


@pytest.mark.django_db
def test_a_mission_with_one_name_gives_that_to_either_text():
    release = ReleaseFactory(mission=MissionFactory(name_ko="이라크", name_en=""))

    assert (release.body.lang, release.dateline, release.dateline.lang) == ("en", "이라크", "ko")


def test_a_release_without_a_mission_has_no_dateline_but_its_own():
    assert written(body_en="<p>Text</p>").dateline == ""
    assert written(body_en="<p>Text</p>", dateline_en="Geneva").dateline == "Geneva"


@pytest.mark.parametrize(
    ("printed", "body", "heading"),
    [
        ("", {"body_en": "<p>Text</p>"}, "For more information, please contact"),
        ("", {"body_ko": "<p>본문</p>"}, "문의"),
        ("Media contacts", {"body_en": "<p>Text</p>"}, "Media contacts"),
        ("Media contacts", {"body_ko": "<p>본문</p>"}, "문의"),
        ("언론 담당자", {"body_ko": "<p>본문</p>"}, "언론 담당자"),
        ("언론 담당자", {"body_en": "<p>Text</p>"}, "For more information, please contact"),
    ],
)
def test_the_contacts_stand_under_a_heading_in_the_language_of_the_text(printed, body, heading):
    release = written(contact_heading=printed, **body)

    assert release.heading == heading
    assert release.heading.lang == release.body.lang


@pytest.mark.parametrize(
    ("values", "korean", "english"),
    [
        ({"title_ko": "제목", "body_en": "<p>Text</p>"}, ["ko", "en"], ["en", "ko"]),
        ({"title_ko": "제목", "body_ko": "<p>본문</p>"}, ["ko"], ["ko"]),
        ({"title_en": "Title"}, ["en"], ["en"]),
        ({"summary_ko": "요약", "title_en": "Title"}, ["en"], ["en"]),
    ],
)
def test_a_release_names_its_languages_the_readers_first(values, korean, english):
    release = written(**values)

    assert release.languages == korean
    with translation.override("en"):
        assert release.languages == english


def test_a_page_in_one_language_is_read_in_that_of_its_request_and_the_next_in_its_own():
    sign = Sign("이라크", "Iraq")

    @in_one_language
    def page(refuse: bool = False) -> str:
        with translation.override("ko"):
            if refuse:
                raise KeyError("refused")
            return f"{sign.words} {sign.words.lang}"

    with translation.override("en"):
        assert page() == "Iraq en"
        with pytest.raises(KeyError, match="refused"):
            page(refuse=True)
    assert sign.words == "이라크"
    assert page() == "이라크 ko"
