"""The verbs of a release's life: where each begins, what it changes, what it refuses."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from releases import versions, workflow
from releases.models import Release, State, Step

from .factories import DRAFT, IN_REVIEW, NINE, SEOUL, ReleaseFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2015, 1, 2, 12, tzinfo=SEOUL)
NEW_YEAR = datetime(2016, 1, 1, tzinfo=SEOUL)
GRACE = timedelta(seconds=60)
TIMES = workflow.TIMES

STANDING = {
    State.DRAFT: DRAFT | {"publish_at": NINE},
    State.IN_REVIEW: IN_REVIEW | {"publish_at": NINE},
    State.SCHEDULED: {"publish_at": NEW_YEAR},
    State.PUBLIC: {},
    State.WITHDRAWN: {"withdrawn_at": NINE},
}
NEEDS = {
    "send_back": {"comment": "둘째 문단의 숫자를 확인해 주세요."},
    "schedule": {"at": NEW_YEAR},
    "redate": {"at": NINE - timedelta(days=1)},
    "withdraw": {"reason_ko": "숫자에 오류가 있었습니다."},
    "comment": {"comment": "사진은 오후에 옵니다."},
}
UNPUBLISHED = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED)
LEADS_TO = {
    "submit": {State.DRAFT: State.IN_REVIEW},
    "take_back": {State.IN_REVIEW: State.DRAFT},
    "send_back": {State.IN_REVIEW: State.DRAFT},
    "publish_now": dict.fromkeys(UNPUBLISHED, State.SCHEDULED),
    "schedule": dict.fromkeys(UNPUBLISHED, State.SCHEDULED),
    "publish_dated": {State.DRAFT: State.PUBLIC, State.IN_REVIEW: State.PUBLIC},
    "undo_publish": {},  # only after publish_now
    "cancel_schedule": {State.SCHEDULED: State.IN_REVIEW},
    "redate": {State.PUBLIC: State.PUBLIC},
    "withdraw": {State.PUBLIC: State.WITHDRAWN},
    "replace": {State.PUBLIC: State.WITHDRAWN},
    "restore": {State.WITHDRAWN: State.PUBLIC},
    "comment": {state: state for state in State},
}


@pytest.fixture
def clock(monkeypatch):
    """The newsroom's clock stands at NOW until it is moved on."""

    class Clock:
        now = NOW

        def move(self, by: timedelta) -> None:
            self.now += by

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture(autouse=True)
def _the_second_of_january(clock):
    pass


def use(verb, release, **values):
    if verb == "replace":
        values.setdefault("replaced_by", ReleaseFactory())
    getattr(workflow, verb)(release, **NEEDS.get(verb, {}) | values)


def steps(allowed: bool) -> list:
    """Each verb and state where it begins, or where it does not."""
    return [
        pytest.param(verb, state, id=f"{verb}-{state}")
        for verb, ways in LEADS_TO.items()
        for state in State
        if (state in ways) == allowed
    ]


def times_of(release):
    return Release.objects.filter(pk=release.pk).values(*TIMES).get()


def test_each_verb_is_named_here_and_is_a_function_of_its_own():
    assert set(LEADS_TO) == set(workflow.VERBS)
    assert all(callable(getattr(workflow, verb)) for verb in workflow.VERBS)


@pytest.mark.parametrize(("verb", "state"), steps(allowed=True))
def test_a_verb_leads_on_from_where_it_begins(verb, state):
    release = ReleaseFactory(**STANDING[state])

    use(verb, release)

    assert release.state == LEADS_TO[verb][state]
    assert Release.objects.get(pk=release.pk).state == LEADS_TO[verb][state]


@pytest.mark.parametrize(("verb", "state"), steps(allowed=False))
def test_a_verb_refuses_to_begin_elsewhere(verb, state):
    release = ReleaseFactory(title_ko="구호품 도착", **STANDING[state])
    before = Release.objects.values().get(pk=release.pk)

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        use(verb, release)

    label = {"in_review": "In review"}.get(state, state.capitalize())
    assert refusal.value.message == (
        "“구호품 도착” can no longer be undone."
        if verb == "undo_publish"
        else f"“구호품 도착” is {label}: that cannot be done from there."
    )
    assert Release.objects.values().get(pk=release.pk) == before
    assert not Step.objects.exists()


# What is remembered


@pytest.mark.parametrize(("verb", "state"), steps(allowed=True))
def test_a_verb_is_recorded_with_who_when_and_what_stood_there(verb, state, admin_user):
    release = ReleaseFactory(**STANDING[state])
    before = times_of(release)
    versions.keep(release)

    use(verb, release, by=admin_user)

    step = Step.objects.get()
    kept = {name: value and datetime.fromisoformat(value) for name, value in step.before.items()}
    assert (step.release, step.verb, step.by, step.at) == (release, verb, admin_user, NOW)
    # The reason to withdraw is in the form of the release, and so in its versions.
    assert (kept, step.version) == (before, 2 if verb == "withdraw" else 1)


def test_a_step_that_cannot_be_recorded_is_not_taken(monkeypatch):
    release = ReleaseFactory(**DRAFT)

    def lost(**values):
        raise OSError("the disk is full")

    monkeypatch.setattr(Step.objects, "create", lost)
    with pytest.raises(OSError, match="full"):
        workflow.submit(release)

    assert Release.objects.get().state == State.DRAFT


def test_a_verb_saves_times_and_nothing_else():
    release = ReleaseFactory(title_ko="구호품 도착")
    Release.objects.update(title_ko="구호품 도착 (정정)", edited_at=NINE)

    use("withdraw", release)

    stored = Release.objects.get()
    assert (stored.title_ko, stored.edited_at) == ("구호품 도착 (정정)", NOW)


def test_the_public_reason_is_still_known_after_a_release_was_restored():
    release = ReleaseFactory()

    workflow.withdraw(release, reason_ko="숫자 오류", reason_en="Wrong number", comment="전화 옴")
    workflow.restore(release)

    assert Step.objects.first().text == "숫자 오류\nWrong number\n전화 옴"
    assert str(Release.objects.get().withdrawal_reason) == ""


# What a verb asks for


@pytest.mark.parametrize("verb", workflow.PUBLISHING)
def test_the_doctor_keeps_a_release_without_text_from_the_public(verb):
    release = ReleaseFactory(**IN_REVIEW | {"body_ko": "", "body_en": "", "publish_at": NINE})

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        use(verb, release)

    assert refusal.value.messages == ["Text in Korean: There is no text in either language."]
    assert Release.objects.get().state == release.state == State.IN_REVIEW


@pytest.mark.parametrize("verb", workflow.PUBLISHING)
def test_the_doctor_sees_what_was_saved_last_and_not_what_was_read_before(verb):
    release = ReleaseFactory(**IN_REVIEW | {"publish_at": NINE})
    Release.objects.update(body_en="")

    with pytest.raises(ValidationError):
        use(verb, release)

    assert Release.objects.get().state == State.IN_REVIEW


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_text_in_either_language_is_enough_to_publish(language):
    texts = {"body_ko": "", "body_en": ""} | {f"body_{language}": "<p>Text</p>"}
    release = ReleaseFactory(**texts, **IN_REVIEW)

    workflow.publish_now(release)

    assert Release.objects.get().state == State.SCHEDULED


@pytest.mark.parametrize(
    ("verb", "state", "values", "words"),
    [
        ("send_back", State.IN_REVIEW, {"comment": " \n"}, "Say what is to be changed."),
        ("comment", State.DRAFT, {"comment": ""}, "Write a comment."),
        (
            "withdraw",
            State.PUBLIC,
            {"reason_ko": " ", "comment": "잘못"},
            "Give a reason that the public may read.",
        ),
        (
            "schedule",
            State.IN_REVIEW,
            {"at": NOW},
            "That time has passed. Choose one to come, or publish it now.",
        ),
        (
            "redate",
            State.PUBLIC,
            {"at": NOW + timedelta(microseconds=1)},
            "That time is still to come.",
        ),
    ],
)
def test_what_a_verb_needs_must_be_given(verb, state, values, words):
    release = ReleaseFactory(**STANDING[state])
    before = times_of(release)

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        use(verb, release, **values)

    assert refusal.value.messages == [words]
    assert times_of(release) == before
    assert not Step.objects.exists()


@pytest.mark.parametrize("planned", [None, NOW + timedelta(seconds=1)])
def test_only_a_release_with_a_past_time_is_published_with_its_past_date(planned):
    release = ReleaseFactory(title_ko="제목", **IN_REVIEW | {"publish_at": planned})

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        workflow.publish_dated(release)

    assert refusal.value.message == "“제목” names no past time."


# Times


def test_a_release_published_with_its_past_date_is_posted_then():
    release = ReleaseFactory(**DRAFT | {"publish_at": NINE})

    workflow.publish_dated(release)

    assert times_of(release) == {
        "submitted_at": NOW,
        "approved_at": NOW,
        "publish_at": NINE,
        "withdrawn_at": None,
    }


def test_a_scheduled_release_gets_another_time():
    release = ReleaseFactory(publish_at=NEW_YEAR)

    workflow.schedule(release, NEW_YEAR + timedelta(days=1))

    assert times_of(release)["publish_at"] == NEW_YEAR + timedelta(days=1)


def test_a_cancelled_schedule_leaves_its_time_as_what_was_planned():
    release = ReleaseFactory(publish_at=NEW_YEAR)

    workflow.cancel_schedule(release)

    stored = Release.objects.get()
    assert (stored.submitted_at, stored.approved_at, stored.publish_at) == (NINE, None, NEW_YEAR)


def test_a_posted_time_is_corrected_up_to_this_very_moment():
    release = ReleaseFactory()

    workflow.redate(release, NOW)

    assert (times_of(release)["publish_at"], release.state) == (NOW, State.PUBLIC)


def test_a_withdrawal_and_its_undoing_show_with_the_next_request(client):
    release = ReleaseFactory()
    address = release.get_absolute_url()

    use("withdraw", release)
    withdrawn = client.get(address)
    workflow.restore(release)

    assert (withdrawn.status_code, client.get(address).status_code) == (410, 200)
    assert "숫자에 오류가 있었습니다." in withdrawn.content.decode()


def test_the_reason_of_a_withdrawal_is_a_version_of_whoever_withdrew_it(admin_user):
    release = ReleaseFactory()

    use("withdraw", release, by=admin_user)
    workflow.restore(release, by=admin_user)

    newest, withdrawn, before = release.versions.all()
    assert [v.saved_by for v in (before, withdrawn, newest)] == [None, admin_user, admin_user]
    reasons = [v.content["withdrawal_reason_ko"] for v in (before, withdrawn, newest)]
    assert reasons == ["", "숫자에 오류가 있었습니다.", ""]
    assert [step.version for step in release.steps.order_by("pk")] == [2, 3]
    assert versions.keep(release) is None


def test_a_step_that_leaves_the_words_alone_is_no_version():
    release = ReleaseFactory(**DRAFT)
    versions.keep(release)

    workflow.submit(release)
    workflow.publish_now(release)

    assert versions.newest_number(release) == 1


@pytest.mark.parametrize("verb", ["publish_now", "schedule", "publish_dated", "redate"])
def test_a_posted_time_is_kept_to_the_second(clock, verb):
    clock.move(timedelta(microseconds=123457))
    exact = timedelta(microseconds=654321)
    release = ReleaseFactory(**({} if verb == "redate" else DRAFT | {"publish_at": NINE + exact}))
    at = {name: time + exact for name, time in NEEDS.get(verb, {}).items()}

    getattr(workflow, verb)(release, **at)

    saved = times_of(release)
    assert saved["publish_at"].microsecond == 0
    if verb != "redate":
        assert saved["approved_at"] == clock.now


# Publishing now, and undoing it


def test_a_release_published_now_is_public_after_the_grace_and_not_before(clock, client):
    release = ReleaseFactory(**IN_REVIEW)
    workflow.publish_now(release)
    address = release.get_absolute_url()

    clock.move(GRACE - timedelta(microseconds=1))
    before = client.get(address).status_code
    clock.move(timedelta(microseconds=1))

    assert (before, client.get(address).status_code) == (404, 200)


def test_without_a_grace_a_release_is_public_at_once_and_nothing_can_be_undone(settings):
    settings.PUBLISH_GRACE = 0
    release = ReleaseFactory(**IN_REVIEW)

    workflow.publish_now(release)

    assert release.state == State.PUBLIC
    with pytest.raises(ValidationError):
        workflow.undo_publish(release)


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_undoing_puts_every_time_back_to_the_microsecond(clock, state):
    exact = timedelta(microseconds=123457)
    values = {name: time and time + exact for name, time in STANDING[state].items()}
    release = ReleaseFactory(**values)
    before = times_of(release)
    workflow.publish_now(release)
    workflow.comment(release, comment="잠깐만요")
    clock.move(GRACE - timedelta(microseconds=1))

    workflow.undo_publish(release)

    assert times_of(release) == before


def test_after_the_grace_it_is_too_late_to_undo(clock):
    release = ReleaseFactory(**IN_REVIEW)
    workflow.publish_now(release)
    clock.move(GRACE)

    with pytest.raises(ValidationError):
        workflow.undo_publish(release)

    assert Release.objects.get().state == State.PUBLIC


def test_undoing_happens_once():
    release = ReleaseFactory(publish_at=NOW + timedelta(seconds=30))
    workflow.publish_now(release)
    workflow.undo_publish(release)

    with pytest.raises(ValidationError):
        workflow.undo_publish(release)

    assert Release.objects.get().publish_at == NOW + timedelta(seconds=30)


def test_publishing_now_never_puts_off_what_was_planned_for_sooner(clock):
    soon = NOW + timedelta(seconds=30)
    release = ReleaseFactory(publish_at=soon)

    workflow.publish_now(release)

    assert times_of(release)["publish_at"] == soon


@pytest.mark.parametrize("verb", ["publish_now", "schedule", "cancel_schedule"])
def test_what_is_about_to_go_public_is_undone_before_anything_else(verb):
    release = ReleaseFactory(title_ko="제목", **IN_REVIEW)
    workflow.publish_now(release)

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        use(verb, release)

    assert refusal.value.message == "“제목” is about to go public: undo that first."


def test_what_is_about_to_go_public_is_told_from_what_is_scheduled_for_soon():
    about = ReleaseFactory(**IN_REVIEW)
    ReleaseFactory(publish_at=NOW + timedelta(seconds=30))
    ReleaseFactory(publish_at=NEW_YEAR)
    undone = ReleaseFactory(publish_at=NOW + timedelta(seconds=30))
    for release in (about, undone):
        workflow.publish_now(release)
    workflow.undo_publish(undone)
    workflow.comment(about, comment="곧 나갑니다")

    assert list(workflow.being_published()) == [about]
    assert [r for r in Release.objects.all() if workflow.is_being_published(r)] == [about]


# Two people at once


def test_whoever_saw_an_older_state_of_a_release_is_told():
    release = ReleaseFactory(title_ko="제목", **IN_REVIEW)
    seen = release.edited_at
    Release.objects.update(edited_at=NOW + timedelta(seconds=1))

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        workflow.publish_now(release, seen=seen)

    assert refusal.value.message == (
        "“제목” was changed since you looked at it. Look at it again first."
    )
    assert Release.objects.get().state == State.IN_REVIEW


def test_a_release_that_was_deleted_meanwhile_is_told():
    release = ReleaseFactory(title_ko="제목", **IN_REVIEW)
    Release.objects.all().delete()

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        workflow.submit(release)

    assert refusal.value.message == "“제목” has been deleted."
