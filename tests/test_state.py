"""Where a release stands, and who may read it when."""

import itertools
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from releases.models import Release, State

from .factories import DRAFT, IN_REVIEW, NINE, ONE_SECOND, ReleaseFactory, tomorrow

pytestmark = pytest.mark.django_db

LIFE = list(State)
WITHDRAWN = {"withdrawn_at": NINE}


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

IMPOSSIBLE = [
    (
        "a_release_has_a_headline",
        {"title_ko": "", "title_en": ""},
        "Write a headline in Korean or in English.",
    ),
    (
        "an_approved_release_says_when",
        {"publish_at": None},
        "Say when an approved release is to be posted.",
    ),
    (
        "an_approved_release_has_a_text",
        {"body_ko": "", "body_en": ""},
        "An approved release needs a text in some language.",
    ),
    (
        "only_approved_releases_are_withdrawn",
        IN_REVIEW | {"withdrawn_at": NINE},
        "Only an approved release can be withdrawn.",
    ),
]


@pytest.mark.parametrize(("constraint", "wrong", "message"), IMPOSSIBLE)
def test_the_database_refuses_what_may_not_be(constraint, wrong, message):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReleaseFactory(**wrong)

    assert not Release.objects.exists()


@pytest.mark.parametrize(("constraint", "wrong", "message"), IMPOSSIBLE)
def test_the_editor_is_told_what_may_not_be(constraint, wrong, message):
    release = ReleaseFactory()
    for name, value in wrong.items():
        setattr(release, name, value)

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        release.full_clean()

    assert refusal.value.messages == [message]


@pytest.mark.parametrize(
    "right",
    [
        {"title_ko": "", "title_en": "Aid arrives"},
        {"title_ko": "구호품 도착", "title_en": ""},
        {"body_ko": "<p>도착했다.</p>", "body_en": ""},
        DRAFT | {"body_ko": "", "body_en": ""},
        WITHDRAWN,
    ],
)
def test_the_other_side_of_each_rule_is_allowed(right):
    release = ReleaseFactory(**right)

    release.full_clean()

    assert Release.objects.get() == release


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
