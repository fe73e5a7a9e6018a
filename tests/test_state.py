"""Where a release stands, and who may read it when."""

import itertools
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError, transaction

from contacts.models import Mission, PressContact
from releases.models import Release, ReleaseContact, State

from .factories import (
    DRAFT,
    IN_REVIEW,
    NINE,
    ONE_SECOND,
    WITHDRAWN,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
    tomorrow,
)
from .reading import complaints

pytestmark = pytest.mark.django_db

LIFE = list(State)


def questions(at: datetime) -> dict[State, Any]:
    """The queryset of each state at `at`."""
    return {
        State.DRAFT: Release.objects.drafts(),
        State.IN_REVIEW: Release.objects.in_review(),
        State.SCHEDULED: Release.objects.scheduled(at=at),
        State.PUBLIC: Release.objects.public(at=at),
        State.WITHDRAWN: Release.objects.withdrawn(),
    }


def possible_times() -> list[dict[str, datetime | None]]:
    """Each combination of the four times around NINE that the constraints allow."""
    past, future = NINE - ONE_SECOND, NINE + ONE_SECOND
    combinations = itertools.product(
        [None, past, NINE, future], [None, past], [None, past, NINE, future], [None, past, future]
    )
    names = ("submitted_at", "approved_at", "publish_at", "withdrawn_at")
    return [
        dict(zip(names, times, strict=True))
        for times in combinations
        if (times[1] is None or times[2]) and (times[3] is None or times[1])
    ]


def _told(times: dict[str, datetime | None]) -> str:
    return "-".join(
        name.removesuffix("_at")
        + {None: "_never", NINE: "_now"}.get(at, "_before" if at and at < NINE else "_after")
        for name, at in times.items()
    )


@pytest.mark.parametrize("times", possible_times(), ids=_told)
def test_a_release_stands_in_exactly_one_state(times):
    release = ReleaseFactory(**times)

    holding = [state for state, held in questions(NINE).items() if release in held]

    assert holding == [release.state_at(NINE)]
    assert Release.objects.with_state(NINE).get().state_order == 1 + LIFE.index(holding[0])


@pytest.mark.parametrize(
    ("times", "state"),
    [
        (DRAFT, State.DRAFT),
        (DRAFT | {"publish_at": NINE}, State.DRAFT),
        (IN_REVIEW, State.IN_REVIEW),
        ({"publish_at": NINE + ONE_SECOND}, State.SCHEDULED),
        ({"publish_at": NINE}, State.PUBLIC),
        ({"publish_at": NINE, "submitted_at": None}, State.PUBLIC),
        (WITHDRAWN, State.WITHDRAWN),
        (WITHDRAWN | {"publish_at": NINE + ONE_SECOND}, State.WITHDRAWN),
    ],
)
def test_its_times_say_where_a_release_stands(times, state):
    release = ReleaseFactory(**times)

    assert release.state_at(NINE) == state


def test_an_embargoed_release_is_public_from_its_hour():
    release = ReleaseFactory(publish_at=NINE)

    assert release not in Release.objects.public(at=NINE - ONE_SECOND)
    assert release in Release.objects.public(at=NINE)


def test_an_embargoed_release_is_scheduled_until_its_hour():
    release = ReleaseFactory(publish_at=NINE)

    assert release in Release.objects.scheduled(at=NINE - ONE_SECOND)
    assert release not in Release.objects.scheduled(at=NINE)


def test_a_release_stands_where_it_stands_now():
    past, future = ReleaseFactory(), ReleaseFactory(publish_at=tomorrow())

    assert (past.state, future.state) == (State.PUBLIC, State.SCHEDULED)
    assert list(Release.objects.public()) == [past]
    assert list(Release.objects.scheduled()) == [future]


def test_a_list_sorted_by_state_follows_the_life_of_a_release():
    withdrawn = ReleaseFactory(**WITHDRAWN)
    public = ReleaseFactory()
    scheduled = ReleaseFactory(publish_at=tomorrow())
    in_review = ReleaseFactory(**IN_REVIEW)
    draft = ReleaseFactory(**DRAFT)

    listed = Release.objects.with_state().order_by("state_order")

    assert list(listed) == [draft, in_review, scheduled, public, withdrawn]


# What may not be


def a_second_row(**values):
    """A row in the place of another one, until `values` say otherwise."""
    other = ReleaseContactFactory(release=ReleaseFactory(), position=0)
    return ReleaseContactFactory.build(**{"release": other.release, "position": 0} | values)


def a_release_replacing_itself():
    release = ReleaseFactory(**WITHDRAWN)
    release.replaced_by = release
    return release


def somebody_succeeding_themselves():
    entry = PressContactFactory()
    entry.successor = entry
    return entry


# What breaks each rule, and what the editor is told.
RULES = {
    "a_release_has_a_headline": (
        lambda: ReleaseFactory.build(title_ko="", title_en=""),
        "Write a headline in Korean or in English.",
    ),
    "an_approved_release_says_when": (
        lambda: ReleaseFactory.build(publish_at=None),
        "Say when an approved release is to be posted.",
    ),
    "an_approved_release_has_a_text": (
        lambda: ReleaseFactory.build(body_ko="", body_en=""),
        "An approved release needs a text in some language.",
    ),
    "only_approved_releases_are_withdrawn": (
        lambda: ReleaseFactory.build(**DRAFT | WITHDRAWN),
        "Only an approved release can be withdrawn.",
    ),
    "only_withdrawn_releases_are_replaced": (
        lambda: ReleaseFactory.build(replaced_by=ReleaseFactory()),
        "Only a withdrawn release can be replaced.",
    ),
    "no_release_replaces_itself": (
        a_release_replacing_itself,
        "A release cannot replace itself.",
    ),
    "only_approved_releases_are_corrected": (
        lambda: ReleaseFactory.build(**DRAFT, corrected_at=NINE),
        "Only a public release can be corrected.",
    ),
    "one_place_per_row_of_a_block": (
        a_second_row,
        "Constraint “one_place_per_row_of_a_block” is violated.",
    ),
    "a_row_of_a_block_names_somebody": (
        lambda: a_second_row(position=1, name=""),
        "Say who is to be called.",
    ),
    "a_mission_has_a_name": (
        lambda: MissionFactory.build(name_ko="", name_en=""),
        "Give the mission a name in Korean or in English.",
    ),
    "nobody_succeeds_themselves": (
        somebody_succeeding_themselves,
        "Somebody else must succeed this person.",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_database_refuses_what_breaks_a_rule_and_names_the_rule(rule):
    broken = RULES[rule][0]()
    # SQLite names a unique rule by its columns.
    named = rf"{rule}|releasecontact\.position" if rule.startswith("one_") else rule

    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        broken.save()


@pytest.mark.parametrize("rule", RULES)
def test_a_form_says_in_words_which_rule_is_broken(rule):
    make, message = RULES[rule]
    broken = make()

    assert complaints(broken) == {NON_FIELD_ERRORS: [message]}


@pytest.mark.parametrize("model", [Release, ReleaseContact, Mission, PressContact])
def test_no_rule_of_the_database_is_without_a_test(model):
    assert {constraint.name for constraint in model._meta.constraints} <= set(RULES)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ReleaseFactory.build(title_ko="", title_en="Relief arrives"),
        lambda: ReleaseFactory.build(title_ko="구호품 도착", title_en=""),
        lambda: ReleaseFactory.build(**DRAFT | {"body_ko": "", "body_en": ""}),
        lambda: ReleaseFactory.build(body_ko="<p>구호품이 도착했다.</p>", body_en=""),
        lambda: ReleaseFactory.build(**WITHDRAWN),
        lambda: a_second_row(position=1),
        lambda: a_second_row(release=ReleaseFactory()),
        lambda: MissionFactory.build(name_ko=""),
        lambda: MissionFactory.build(name_en=""),
        lambda: PressContactFactory.build(successor=PressContactFactory()),
        lambda: PressContactFactory.build(successor=None),
    ],
)
def test_what_keeps_the_rules_is_saved(make):
    kept = make()

    kept.save()

    assert complaints(kept) == {}
    assert type(kept).objects.filter(pk=kept.pk).exists()


def test_one_text_from_elsewhere_is_one_release():
    ReleaseFactory(source_key="wordpress:123")

    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseFactory(source_key="wordpress:123")


def test_releases_written_here_have_no_source_and_are_many():
    assert len(ReleaseFactory.create_batch(2, source_key=None)) == 2


def test_two_missions_have_two_addresses():
    MissionFactory(slug="iraq")

    with pytest.raises(IntegrityError), transaction.atomic():
        MissionFactory(slug="iraq")


# The order of the listing


def test_releases_of_the_same_moment_never_swap():
    first, second = ReleaseFactory.create_batch(2)
    dated_later = ReleaseFactory(release_date=date(2014, 9, 10))
    posted_later = ReleaseFactory(publish_at=NINE + ONE_SECOND, release_date=date(2014, 9, 1))

    listed = Release.objects.newest_first()

    assert list(listed) == [posted_later, dated_later, second, first]


def test_older_and_newer_are_the_two_sides_of_the_listing():
    for publish_at in (NINE, NINE + ONE_SECOND):
        for release_date in (date(2014, 9, 9), date(2014, 9, 10)):
            ReleaseFactory.create_batch(2, publish_at=publish_at, release_date=release_date)
    listed = list(Release.objects.newest_first())

    sides = [
        (
            list(Release.objects.newest_first().newer_than(release)),
            list(Release.objects.newest_first().older_than(release)),
        )
        for release in listed
    ]

    assert sides == [(listed[:place], listed[place + 1 :]) for place in range(8)]


# What was read and is no more


@pytest.mark.parametrize(
    ("withdrawn_at", "gone"),
    [(NINE - ONE_SECOND, False), (NINE, True), (NINE + ONE_SECOND, True), (None, False)],
)
def test_a_release_is_gone_when_it_was_withdrawn_after_its_hour(withdrawn_at, gone):
    ReleaseFactory(publish_at=NINE, withdrawn_at=withdrawn_at)

    assert Release.objects.gone().exists() == gone
