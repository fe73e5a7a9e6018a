"""The verbs of a release's life: where each begins, what it changes, what it refuses."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from releases import workflow
from releases.models import Release, State

from .factories import DRAFT, IN_REVIEW, NINE, SEOUL, ReleaseFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2015, 1, 2, 12, tzinfo=SEOUL)
NEW_YEAR = datetime(2016, 1, 1, tzinfo=SEOUL)

STANDING = {
    State.DRAFT: DRAFT,
    State.IN_REVIEW: IN_REVIEW,
    State.SCHEDULED: {"publish_at": NEW_YEAR},
    State.PUBLIC: {},
    State.WITHDRAWN: {"withdrawn_at": NINE},
}
LEADS_TO = {
    workflow.submit: {State.DRAFT: State.IN_REVIEW},
    workflow.approve: {State.DRAFT: State.PUBLIC, State.IN_REVIEW: State.PUBLIC},
    workflow.return_to_draft: {State.IN_REVIEW: State.DRAFT, State.SCHEDULED: State.DRAFT},
    workflow.withdraw: {State.PUBLIC: State.WITHDRAWN, State.SCHEDULED: State.WITHDRAWN},
    workflow.restore: {State.WITHDRAWN: State.PUBLIC},
}


@pytest.fixture(autouse=True)
def _the_second_of_january(monkeypatch):
    """The newsroom's clock stands at NOW."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def steps(allowed: bool) -> list:
    """Each verb and state where it begins, or where it does not."""
    return [
        pytest.param(verb, state, id=f"{verb.__name__}-{state}")
        for verb, ways in LEADS_TO.items()
        for state in State
        if (state in ways) == allowed
    ]


@pytest.mark.parametrize(("verb", "state"), steps(allowed=True))
def test_a_verb_leads_on_from_where_it_begins(verb, state):
    release = ReleaseFactory(**STANDING[state])

    verb(release)

    assert release.state == LEADS_TO[verb][state]
    assert Release.objects.get().state == LEADS_TO[verb][state]


@pytest.mark.parametrize(("verb", "state"), steps(allowed=False))
def test_a_verb_refuses_to_begin_elsewhere(verb, state):
    release = ReleaseFactory(title_ko="구호품 도착", **STANDING[state])
    before = Release.objects.values().get()

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        verb(release)

    label = {"in_review": "In review"}.get(state, state.capitalize())
    assert refusal.value.message == f"“구호품 도착” is {label}: that cannot be done from there."
    assert Release.objects.values().get() == before


def test_a_release_without_text_is_not_approved():
    release = ReleaseFactory(title_ko="구호품 도착", body_ko="", body_en="", **IN_REVIEW)

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        workflow.approve(release)

    assert refusal.value.message == "“구호품 도착” has no text yet."
    assert Release.objects.get().state == State.IN_REVIEW


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_text_in_either_language_is_enough_to_approve(language):
    texts = {"body_ko": "", "body_en": ""} | {f"body_{language}": "<p>Text</p>"}
    release = ReleaseFactory(**texts, **IN_REVIEW)

    workflow.approve(release)

    assert Release.objects.get().state == State.PUBLIC


@pytest.mark.parametrize(
    ("publish_at", "state"), [(NINE, State.PUBLIC), (NEW_YEAR, State.SCHEDULED)]
)
def test_approval_keeps_the_time_that_was_set(publish_at, state):
    release = ReleaseFactory(**IN_REVIEW | {"publish_at": publish_at})

    workflow.approve(release)

    assert (release.publish_at, release.state) == (publish_at, state)
    assert (release.submitted_at, release.approved_at) == (NINE, NOW)


def test_approval_without_a_time_is_for_now():
    release = ReleaseFactory(**DRAFT)

    workflow.approve(release)

    stored = Release.objects.get()
    assert (stored.submitted_at, stored.approved_at, stored.publish_at) == (NOW, NOW, NOW)


def test_a_scheduled_release_that_returns_to_draft_keeps_its_time():
    release = ReleaseFactory(publish_at=NEW_YEAR)

    workflow.return_to_draft(release)

    stored = Release.objects.get()
    assert (stored.submitted_at, stored.approved_at, stored.publish_at) == (None, None, NEW_YEAR)


@pytest.mark.parametrize(
    ("publish_at", "state"), [(NINE, State.PUBLIC), (NEW_YEAR, State.SCHEDULED)]
)
def test_a_restored_release_stands_where_it_was_withdrawn_from(publish_at, state):
    release = ReleaseFactory(publish_at=publish_at)
    workflow.withdraw(release)
    withdrawn = Release.objects.get()

    workflow.restore(release)

    restored = Release.objects.get()
    assert (withdrawn.state, withdrawn.withdrawn_at) == (State.WITHDRAWN, NOW)
    assert (restored.state, restored.publish_at) == (state, publish_at)


def test_a_withdrawal_and_its_undoing_show_with_the_next_request(client):
    release = ReleaseFactory()
    address = release.get_absolute_url()

    workflow.withdraw(release)
    withdrawn = client.get(address).status_code
    workflow.restore(release)

    assert (withdrawn, client.get(address).status_code) == (410, 200)


def test_a_verb_saves_times_and_nothing_else():
    release = ReleaseFactory(title_ko="구호품 도착")
    Release.objects.update(title_ko="구호품 도착 (정정)", edited_at=NINE)

    workflow.withdraw(release)

    stored = Release.objects.get()
    assert (stored.title_ko, stored.edited_at) == ("구호품 도착 (정정)", NOW)
