"""The release doctor as a whole: what it reads, what it costs, and that it changes nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases import doctor, versions, workflow
from releases.admin import ReleaseAdmin
from releases.doctor import Level
from releases.models import Release
from releases.samples import load
from tests.factories import (
    DRAFT,
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .sheets import WORDS, findings, sheet

FRAGMENTS = [
    *"“”‘’「」()\"'<>&;-–—/.,:\u2060\ufffc\x00\n", " ", "<p>", "</p>", "<a href='", "'>", "</a>",
    "<table><tr><td>", "<![CDATA[", "<!--", "&#0;", "the the", "(2014/13/40)", "Iraq - ",
    "2014년 13월 99일(월)", "Monday, 31 February 2014", "March 99, 2014", "99/99/9999",
    "9" * 30, "0.5", "1,234,56", "million", "twenty-five hundred", "half a million",
    "이라크 – ", "1만 2천억조", "http://[", "//[",
    "http://localhost:99999/", "http://a:b@/", "mailto:", "/releases/999999999999999999999/x/",
    "/missions/%00/", "/en", "내일", "여기를 클릭", "Views – 3", "문의", "½", "²", "٣", "１２",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=14).map("".join)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.fixed_dictionaries(dict.fromkeys(WORDS, TEXTS)),
    places=st.tuples(TEXTS, TEXTS),
    times=st.tuples(*[st.none() | st.just(NINE)] * 4),
    day=st.none() | st.dates(),
)
def test_no_text_stops_the_doctor_and_none_is_changed_by_it(words, places, times, day):
    submitted, approved, posted, withdrawn = times
    release = Release(
        **words,
        dateline_ko=places[0],
        dateline_en=places[1],
        release_date=day,
        submitted_at=submitted,
        approved_at=approved,
        publish_at=posted,
        withdrawn_at=withdrawn,
    )
    before = {**vars(release), "_state": None}

    found = doctor.examine(release)

    assert {**vars(release), "_state": None} == before
    fields = {name for _title, part in ReleaseAdmin.fieldsets for name in flat(part["fields"])}
    assert {finding.field for finding in found} <= fields | {"contacts"}
    assert all(all(finding) for finding in found)


def flat(names):
    for name in names:
        yield from [name] if isinstance(name, str) else name


def test_the_gravest_comes_first():
    found = findings(title_ko="구호품 도착.", body_en="<p>the the <a href='#x'>plan</a></p>")

    assert [finding.level for finding in found] == [Level.ERROR, Level.WARNING, Level.NOTE]


def test_findings_speak_the_editors_language():
    with translation.override("en"):
        [english] = doctor.look_over(sheet(body_en="<p>the the</p>"))
    with translation.override("ko"):
        [korean] = doctor.look_over(sheet(body_en="<p>the the</p>"))

    assert english.where == "Text in English: “the the”"
    assert korean.where == "영어 본문: “the the”"


def rich(**values):
    """A saved release with all that the doctor has to look up."""
    mission = MissionFactory(name_en="Iraq", slug="iraq")
    gone = PressContactFactory(name="Old desk", left_on=date(2014, 1, 1))
    gone.successor = PressContactFactory(name="New desk")
    gone.save()
    links = "".join(
        f'<p><a href="{address}">the report of the year</a></p>'
        for address in ("/releases/1/x/", "/releases/2/x/", "/missions/iraq/", "/missions/no/")
    )
    release = ReleaseFactory(mission=mission, body_en=links, **values)
    ReleaseContactFactory(release=release, contact=gone)
    ReleaseContactFactory(release=release, contact=None)
    return release


@pytest.mark.django_db
def test_a_release_costs_the_same_few_queries_however_much_it_holds(django_assert_num_queries):
    release = rich()
    with django_assert_num_queries(5):  # and pictures, linked releases and missions
        doctor.examine(release)

    for _ in range(5):
        ReleaseContactFactory(release=release, contact=PressContactFactory())
        MissionFactory()
    release.body_en += "".join(f'<p><a href="/releases/{n}/x/">part {n}</a></p>' for n in range(9))

    with django_assert_num_queries(5):
        doctor.examine(release)


@pytest.mark.django_db
def test_a_release_without_links_costs_three_queries(django_assert_num_queries):
    release = ReleaseFactory()

    with django_assert_num_queries(3):  # missions, contacts, pictures
        doctor.examine(release)


@pytest.mark.django_db
def test_who_answers_for_somebody_who_has_left_is_found():
    release = rich()

    with translation.override("en"):
        whys = [finding.why for finding in doctor.examine(release)]

    assert "This contact has left; the page shows New desk instead." in whys


# The count of a release


@pytest.fixture
def faulty(db):
    """A draft with one error, two warnings and notes."""
    now = timezone.localdate()
    release = ReleaseFactory(
        title_ko="구호품 도착.",
        title_en="Relief arrives",
        body_ko="<p>구호품이 왔다.</p>",
        body_en='<p>the the <a href="#x">plan</a></p>',
        release_date=now,
        **DRAFT,
    )
    return release


def test_errors_and_warnings_are_counted_when_a_version_is_kept(faulty):
    before = Release.objects.filter(pk=faulty.pk).values().get()

    versions.keep(faulty)

    after = Release.objects.filter(pk=faulty.pk).values().get()
    assert after == before | {"finding_count": 3}  # the link, the word, no contacts


def test_the_count_follows_what_is_mended(faulty):
    versions.keep(faulty)
    faulty.body_en = "<p>Relief has arrived.</p>"
    faulty.save()

    versions.keep(faulty)

    assert Release.objects.get().finding_count == 1


@pytest.mark.django_db
def test_the_samples_are_counted_as_they_come_in():
    load()

    assert Release.objects.filter(finding_count__gt=0).exists()
    assert not Release.objects.filter(finding_count__gt=9).exists()


# Publishing


def test_an_error_blocks_publishing_and_a_warning_does_not(faulty):
    with pytest.raises(workflow.ValidationError) as refused, translation.override("en"):
        workflow.schedule(faulty, at=timezone.now() + timedelta(days=1))
    faulty.body_en = "<p>the the</p>"
    faulty.save()

    workflow.schedule(faulty, at=timezone.now() + timedelta(days=1))

    assert len(refused.value.messages) == 1
    assert "“plan (#x)”" in refused.value.messages[0]
    assert faulty.approved_at


def test_a_text_that_goes_wrong_in_every_word_is_told_in_a_few_lines():
    found = findings(body_en="<p>" + "of of " * 50_000 + "</p>", title_en="A b")

    doubled = [finding for finding in found if "twice in a row" in finding.why]
    more = [finding for finding in found if finding.why == "And 980+ more like this."]
    assert (len(doubled), len(more)) == (20, 1)
    assert more[0].field == "body_en"


def test_twenty_findings_are_shown_and_a_few_more_are_counted():
    body = "<p>" + "of of, " * 23 + "</p>"

    found = findings(body_en=body, summary_en="<p>to to</p>")

    assert sum("twice in a row" in finding.why for finding in found) == 21  # one in the summary
    assert [finding.why for finding in found if "more like" in finding.why] == [
        "And 3 more like this."
    ]


def test_an_error_among_many_warnings_still_blocks():
    body = "<p>TBC</p>" * 30 + "<p>Lorem ipsum.</p>"

    levels = {f.why: f.level for f in findings(body_en=body)}

    assert levels["And 11 more like this."] == Level.ERROR
