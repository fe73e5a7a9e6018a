"""The steps of a release at the desk: what each page asks, what the log says, who is told."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import presence, versions, workflow
from releases.doctor import Finding, Level
from releases.models import Release, State, Step
from tests.factories import DRAFT, IN_REVIEW, NINE, SCHEDULED, SEOUL, ReleaseFactory
from tests.reading import queries_of, read, usually

from .roles import person, signed_in

pytestmark = pytest.mark.django_db

RELEASES = "/en/admin/releases/release/"
WARNING = Finding(Level.WARNING, "title_ko", "제목", "낱말이 겹칩니다", "하나를 지우세요")
ERROR = Finding(Level.ERROR, "body_ko", "본문", "따옴표가 열려 있습니다", "닫으세요")


@pytest.fixture
def editor():
    return person("editor", last_name="이바다")


@pytest.fixture
def desk(editor):
    """The editor's browser."""
    return signed_in(editor)


@pytest.fixture(autouse=True)
def _nothing_is_found(monkeypatch):
    """What the doctor finds is tested elsewhere: here it asks nothing unless a test says so."""
    monkeypatch.setattr("releases.doctor.examine", lambda release: [])


@pytest.fixture
def found(monkeypatch):
    """Call it with what the doctor is to find in every release."""

    def finds(*findings):
        monkeypatch.setattr("releases.doctor.examine", lambda release: list(findings))

    return finds


def change(release):
    return f"{RELEASES}{release.pk}/change/"


def step(release, verb):
    return f"{RELEASES}{release.pk}/step/{verb}/"


def save(client, release, **entries):
    """Open the form of a release, write `entries` over what stands there, and save it."""
    form = read(client.get(change(release))).one("form", id="release_form")
    return client.post(change(release), usually(form.entries) | entries)


def take(client, release, verb, **entries):
    """Open the page of a step, fill in `entries`, and press its button."""
    form = read(client.get(step(release, verb))).one("main").one("form")
    return client.post(step(release, verb), form.entries | entries, follow=True)


def act(client, verb, *releases, **entries):
    """Tick these releases, choose an action, fill in `entries` where it asks, and confirm."""
    ticked = {"action": verb, "_selected_action": [r.pk for r in releases]}
    form = read(client.post(RELEASES, ticked)).one("main").one("form")
    return client.post(RELEASES, form.entries | ticked | entries, follow=True)


def told(response):
    lists = read(response).all("ul", class_="messagelist")
    return [item.words for lst in lists for item in lst.all("li")]


def complained(response):
    lists = read(response).all("ul", class_="errorlist")
    return [item.words for errors in lists for item in errors.all("li")]


def state(release):
    return Release.objects.get(pk=release.pk).state


# Where it stands


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (IN_REVIEW, "In review since 2014-09-09 09:00"),
        ({"withdrawn_at": NINE}, "Withdrawn since 2014-09-09 09:00"),
        ({}, "Public Posted on 2014-09-09 09:00."),
    ],
)
def test_a_release_without_a_log_says_since_when_it_stands_where_it_does(desk, times, words):
    page = read(desk.get(change(ReleaseFactory(**times))))

    assert page.one("p", class_="steps-state").words == words


def test_a_scheduled_release_says_how_long_it_is_still_to_wait(desk):
    at = timezone.now() + timedelta(days=2, minutes=1)

    page = read(desk.get(change(ReleaseFactory(publish_at=at))))

    local = timezone.localtime(at)
    told = f"Goes public on {local:%Y-%m-%d %H:%M}, in 2 days"
    assert told in page.one("p", class_="steps-state").words.replace("\xa0", " ")


def test_a_release_says_who_moved_it_last_and_not_who_commented(desk, editor):
    release = ReleaseFactory(**DRAFT)
    workflow.submit(release, by=editor)
    workflow.comment(release, by=person("superuser"), comment="기다립니다")

    page = read(desk.get(change(release)))

    assert "이바다: submitted it for review" in page.one("p", class_="steps-state").words


# The page of a step


@pytest.mark.parametrize("address", ["/admin/", "/admin/releases/release/{}/change/"])
def test_people_go_by_their_korean_names_everywhere(address):
    author = person("author", last_name="홍", first_name="길동")
    editor = person("editor", last_name="이", first_name="바다")
    release = ReleaseFactory(author=author, **IN_REVIEW)

    for_editor = read(signed_in(editor).get(address.format(release.pk))).one("main").words
    workflow.send_back(release, by=editor, comment="고쳐 주세요")
    for_author = read(signed_in(author).get(address.format(release.pk))).one("main").words

    assert "홍길동" in for_editor
    assert "이바다" in for_author
    for page in (for_editor, for_author):
        assert not any(name in page for name in ("길동 홍", "바다 이", "author", "editor"))


@pytest.mark.parametrize(
    ("level", "times", "is_warned"),
    [(ERROR, SCHEDULED, True), (WARNING, SCHEDULED, False), (ERROR, {}, False),
     (ERROR, DRAFT, False)],
)  # fmt: skip
def test_whoever_leaves_an_error_in_a_scheduled_release_is_warned(
    desk, found, level, times, is_warned
):
    release = ReleaseFactory(**times)
    found(level)

    response = save(desk, release, title_ko="고친 제목")

    page = read(desk.get(response["Location"]))
    warnings = page.all("li", class_="error")
    assert bool(warnings) == is_warned
    for warning in warnings:
        assert "본문: 따옴표가 열려 있습니다" in warning.words
        assert "2999-01-01 00:00" in warning.words
        assert [a["href"] for a in warning.all("a")] == [
            f"{RELEASES}{release.pk}/findings/",
            step(release, "schedule"),
            step(release, "cancel_schedule"),
        ]


def test_the_first_page_marks_what_is_scheduled_and_has_something_to_look_at(desk):
    marked, clean = ReleaseFactory.create_batch(2, **SCHEDULED)
    Release.objects.filter(pk=marked.pk).update(finding_count=2)

    part = read(desk.get("/en/admin/")).one("section", **{"aria-labelledby": "scheduled"})

    (mark,) = part.all("a", class_="state")
    assert mark.words == "2 things to look at"
    assert mark["href"] == f"{RELEASES}{marked.pk}/findings/"


def test_a_time_is_given_in_seoul(desk):
    release = ReleaseFactory(**IN_REVIEW)

    take(desk, release, "schedule", at_0="2999-01-02", at_1="08:30")

    release.refresh_from_db()
    assert release.publish_at == datetime(2999, 1, 2, 8, 30, tzinfo=SEOUL)
    assert release.state == State.SCHEDULED


@pytest.mark.parametrize(
    ("verb", "times", "entries", "words"),
    [
        (
            "schedule",
            IN_REVIEW,
            {"at_0": "2014-01-01", "at_1": "09:00"},
            "That time has passed. Choose one to come, or publish it now.",
        ),
        ("schedule", IN_REVIEW, {"at_0": "", "at_1": ""}, "This field is required."),
        ("schedule", IN_REVIEW, {"at_0": "tomorrow", "at_1": "09:00"}, "Enter a valid date."),
        (
            "redate",
            {},
            {"at_0": "2999-01-01", "at_1": "09:00"},
            "That time is still to come.",
        ),
        (
            "withdraw",
            {},
            {"reason_ko": " ", "reason_en": ""},
            "Give a reason that the public may read.",
        ),
        ("send_back", IN_REVIEW, {"comment": "  "}, "This field is required."),
        ("comment", {}, {"comment": ""}, "This field is required."),
    ],
)
def test_what_a_step_lacks_is_said_beside_what_was_typed(desk, verb, times, entries, words):
    release = ReleaseFactory(**times)
    before = state(release)
    note = {} if "comment" in entries else {"comment": "확인함"}

    response = take(desk, release, verb, **entries | note)

    assert complained(response) == [words]
    assert all(said in response.content.decode() for said in note.values())
    assert state(release) == before
    assert not Step.objects.exists()


def test_no_year_is_too_far_back_to_be_told(desk):
    response = take(desk, ReleaseFactory(), "redate", at_0="0001-01-01", at_1="00:00")

    assert len(complained(response)) == 1


def test_the_planned_time_is_proposed_for_the_schedule(desk):
    planned = datetime(2999, 5, 6, 7, 8, tzinfo=SEOUL)
    release = ReleaseFactory(**IN_REVIEW | {"publish_at": planned})

    form = read(desk.get(step(release, "schedule"))).one("main").one("form")

    assert (form.entries["at_0"], form.entries["at_1"]) == ("2999-05-06", "07:08")


def test_a_reason_in_one_language_is_enough_to_withdraw(desk, client):
    release = ReleaseFactory()

    take(desk, release, "withdraw", reason_en="A number was wrong.", comment="전화로 알림")

    page = client.get(release.get_absolute_url())
    assert page.status_code == 410
    assert "A number was wrong." in page.content.decode()
    assert "전화로 알림" not in page.content.decode()


def test_a_form_from_another_site_does_nothing(editor):
    release = ReleaseFactory(**IN_REVIEW)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)

    answer = browser.post(step(release, "publish_now"), {f"seen-{release.pk}": "2014-01-01"})

    assert (answer.status_code, state(release)) == (403, State.IN_REVIEW)


def test_a_step_that_there_is_not_has_no_page(desk):
    assert desk.get(step(ReleaseFactory(), "approve")).status_code == 404


# The doctor


@pytest.mark.parametrize("verb", workflow.PUBLISHING)
def test_an_error_keeps_a_release_from_the_public_whatever_is_sent(desk, found, verb):
    release = ReleaseFactory(**IN_REVIEW | {"publish_at": NINE})
    sent = {
        f"seen-{release.pk}": release.edited_at.isoformat(),
        "at_0": "2999-01-01",
        "at_1": "09:00",
        "despite": "on",
    }
    found(ERROR, WARNING)

    page = read(desk.get(step(release, verb))).one("main")
    desk.post(step(release, verb), sent)

    assert ERROR.why in page.words
    assert not page.all("form")
    assert state(release) == State.IN_REVIEW


@pytest.mark.parametrize("verb", workflow.PUBLISHING)
def test_a_warning_asks_and_gives_way_to_whoever_insists(desk, found, verb):
    release = ReleaseFactory(**IN_REVIEW | {"publish_at": NINE})
    found(WARNING)
    times = {"at_0": "2999-01-01", "at_1": "09:00"} if verb == "schedule" else {}

    asked = take(desk, release, verb, **times)
    before = state(release)
    take(desk, release, verb, despite="on", **times)

    assert WARNING.why in read(asked).one("main").words
    assert complained(asked) == ["There are warnings. Tick this to publish all the same."]
    assert before == State.IN_REVIEW
    assert state(release) in (State.SCHEDULED, State.PUBLIC)


def test_whoever_submits_sees_what_is_found_and_is_not_held_up(desk, found):
    release = ReleaseFactory(**DRAFT)
    found(ERROR, WARNING)

    page = read(desk.get(step(release, "submit"))).one("main")
    take(desk, release, "submit")

    assert ERROR.mend in page.words
    assert state(release) == State.IN_REVIEW


# Publishing now


def test_what_is_about_to_go_public_shows_the_way_back_on_its_form_and_in_the_list(desk):
    release = ReleaseFactory(**IN_REVIEW)
    take(desk, release, "publish_now")

    for address in (change(release), RELEASES):
        bar = read(desk.get(address)).one("form", class_="publishing")
        assert bar["action"] == step(release, "undo_publish")

    desk.post(bar["action"], bar.entries)
    assert state(release) == State.IN_REVIEW
    assert not read(desk.get(RELEASES)).all("form", class_="publishing")


def test_an_edit_in_the_grace_does_not_stand_against_undoing(desk):
    release = ReleaseFactory(**IN_REVIEW)
    take(desk, release, "publish_now")
    bar = read(desk.get(RELEASES)).one("form", class_="publishing")
    Release.objects.update(title_ko="고침", edited_at=timezone.now())

    desk.post(bar["action"], bar.entries)

    assert state(release) == State.IN_REVIEW


def test_the_way_back_ends_with_the_grace(desk):
    release = ReleaseFactory(**IN_REVIEW)
    take(desk, release, "publish_now")
    Release.objects.update(publish_at=timezone.now())

    response = desk.post(step(release, "undo_publish"), follow=True)

    assert told(response) == [f"“{release.title}” can no longer be undone."]
    assert state(release) == State.PUBLIC


def test_a_list_with_nothing_about_to_go_public_costs_one_query_more_for_whoever_publishes(desk):
    ReleaseFactory.create_batch(3, **SCHEDULED)
    analyst = signed_in(person("analyst"))

    assert len(queries_of(desk, RELEASES)) <= len(queries_of(analyst, RELEASES)) + 1


# Two at once


def test_a_page_that_is_out_of_date_does_nothing_and_says_so(desk):
    release = ReleaseFactory(**IN_REVIEW)
    form = read(desk.get(step(release, "publish_now"))).one("main").one("form")
    Release.objects.update(body_en="<p>Other words</p>", edited_at=timezone.now())

    response = desk.post(step(release, "publish_now"), form.entries)

    assert complained(response) == [
        f"“{release.title}” was changed since you looked at it. Look at it again first."
    ]
    assert state(release) == State.IN_REVIEW


def test_the_second_of_two_editors_is_told_who_came_first(desk):
    other = person("superuser", last_name="박들")
    release = ReleaseFactory(**IN_REVIEW)
    form = read(desk.get(step(release, "send_back"))).one("main").one("form")
    workflow.publish_now(release, by=other)

    response = desk.post(
        step(release, "send_back"), form.entries | {"comment": "숫자"}, follow=True
    )

    assert told(response) == [
        f"“{release.title}” is Scheduled: that cannot be done from there."
        " (박들: approved it, to be published now)"
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["publish_now", "withdraw", "submit"])
def test_of_two_who_press_in_the_same_moment_the_second_is_told(verb):
    times = {"publish_now": IN_REVIEW, "withdraw": {}, "submit": DRAFT}[verb]
    needs = {"reason_ko": "오류"} if verb == "withdraw" else {}
    release = ReleaseFactory(**times)
    start, ends = threading.Barrier(2, timeout=30), []

    def press():
        mine = Release.objects.get(pk=release.pk)
        start.wait()
        try:
            getattr(workflow, verb)(mine, **needs)
            ends.append("done")
        except ValidationError:
            ends.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["done", "told"]
    assert Step.objects.count() == 1


# Saving and going on


def test_a_button_saves_and_goes_on_to_the_step(desk):
    release = ReleaseFactory(**DRAFT)

    response = save(desk, release, title_ko="새 제목", _step="publish_now")

    assert response["Location"] == step(release, "publish_now")
    assert Release.objects.get().title_ko == "새 제목"
    assert state(release) == State.DRAFT


def test_a_new_release_is_saved_and_goes_on_to_the_step():
    author = signed_in(person("author"))

    page = read(author.get(f"{RELEASES}add/"))
    written = {"title_ko": "새 제목", "body_en": "<p>Text</p>", "release_date": "2014-09-09"}
    form = page.one("form", id="release_form").entries | written
    response = author.post(f"{RELEASES}add/", form | {"_step": "submit"})

    assert {button["value"] for button in page.all("button", name="_step")} == {"submit"}
    assert response["Location"] == step(Release.objects.get(), "submit")


def test_a_form_that_cannot_be_saved_stays_where_it_is(desk):
    release = ReleaseFactory(**DRAFT)

    response = save(desk, release, title_ko="", _step="submit")

    assert complained(response) == ["Write a headline in Korean or in English."]


@pytest.mark.parametrize("verb", ["approve", "", "../delete"])
def test_a_step_that_there_is_not_is_not_gone_on_to(desk, verb):
    response = save(desk, ReleaseFactory(**DRAFT), _step=verb)

    assert response["Location"] == RELEASES


# The reason for a withdrawal


def test_the_reason_is_in_the_form_of_a_withdrawn_release_alone(desk):
    public = ReleaseFactory()
    withdrawn = ReleaseFactory()
    workflow.withdraw(withdrawn, reason_ko="오류")

    forms = [read(desk.get(change(release))).one("form", id="release_form").entries
             for release in (public, withdrawn)]  # fmt: skip
    save(desk, public, withdrawal_reason_ko="몰래")
    save(desk, withdrawn, withdrawal_reason_ko="숫자 오류")

    assert ["withdrawal_reason_ko" in form for form in forms] == [False, True]
    reasons = Release.objects.order_by("pk").values_list("withdrawal_reason_ko", flat=True)
    assert list(reasons) == ["", "숫자 오류"]


def test_a_reason_that_is_corrected_is_a_version_of_whoever_corrects_it(desk, editor):
    release = ReleaseFactory()
    workflow.withdraw(release, reason_ko="숫자 오류")

    save(desk, release, withdrawal_reason_ko="연도 오류")

    newest = release.versions.first()
    assert (newest.number, newest.saved_by) == (3, editor)
    assert newest.content["withdrawal_reason_ko"] == "연도 오류"


def test_the_reason_of_a_withdrawn_release_cannot_be_taken_away(desk):
    release = ReleaseFactory()
    workflow.withdraw(release, reason_ko="오류")

    response = save(desk, release, withdrawal_reason_ko=" ", withdrawal_reason_en="")

    assert complained(response) == ["Give a reason that the public may read."]
    assert Release.objects.get().withdrawal_reason_ko == "오류"


# The log


def test_the_log_tells_who_did_what_when_in_seoul_the_newest_last(desk, editor, monkeypatch):
    release = ReleaseFactory(title_ko="제목", **DRAFT)
    versions.keep(release)
    first = datetime(2015, 1, 1, 15, tzinfo=UTC)
    for minute, (verb, values) in enumerate(
        [
            ("submit", {}),
            ("comment", {"comment": "사진은\n<b>오후</b>에"}),
            ("schedule", {"at": datetime(2016, 1, 2, 9, tzinfo=SEOUL)}),
            ("schedule", {"at": datetime(2016, 1, 3, 9, tzinfo=SEOUL)}),
        ]
    ):
        now = first + timedelta(minutes=minute)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        getattr(workflow, verb)(release, by=editor, **values)
    monkeypatch.undo()

    log = read(desk.get(change(release))).one("section", id="release-log")

    assert [item.words for item in log.all("li")] == [
        "2015-01-02 00:00 이바다: submitted it for review version 1",
        "2015-01-02 00:01 이바다: commented version 1 사진은<b>오후</b>에",
        "2015-01-02 00:02 이바다: scheduled it (2016-01-02 09:00) version 1",
        "2015-01-02 00:03 이바다: scheduled it (2016-01-03 09:00) version 1",
    ]


def test_a_comment_stays_when_whoever_made_it_has_left(desk):
    gone = person("author", last_name="김하늘")
    release = ReleaseFactory(author=gone, **DRAFT)
    workflow.comment(release, by=gone, comment="먼저 갑니다")
    gone.delete()

    log = read(desk.get(change(release))).one("section", id="release-log")

    assert "먼저 갑니다" in log.words
    assert Release.objects.get().author is None


def test_an_author_and_an_editor_talk_about_a_draft(desk):
    author = person("author", last_name="김하늘")
    browser = signed_in(author)
    release = ReleaseFactory(author=author, **DRAFT)

    for client, words in [(browser, "제목이 어떤가요?"), (desk, "좋습니다.")]:
        form = read(client.get(change(release))).one("section", id="release-log").one("form")
        answer = client.post(form["action"], form.entries | {"comment": words})
        assert answer["Location"] == f"{change(release)}#release-log"

    log = read(browser.get(change(release))).one("section", id="release-log")
    assert [quote.words for quote in log.all("blockquote")] == ["제목이 어떤가요?", "좋습니다."]


# Many at once


def test_the_list_asks_first_and_says_what_can_be_done_and_what_not(desk):
    can = ReleaseFactory(title_ko="할 글", **IN_REVIEW)
    public = ReleaseFactory(title_ko="나간 글")

    response = desk.post(
        RELEASES, {"action": "publish_now", "_selected_action": [can.pk, public.pk]}
    )

    page = read(response).one("main")
    lists = page.all("ul", class_="step-releases")
    assert [[item.words for item in lst.all("li")] for lst in lists] == [
        ["In review (2014/9/9) 할 글"],
        ["Public (2014/9/9) 나간 글 “나간 글” is Public: that cannot be done from there."],
    ]
    assert not Step.objects.exists()


def test_the_list_does_what_can_be_done_and_reports_on_each(desk, editor):
    can = ReleaseFactory(title_ko="할 글", **IN_REVIEW)
    public = ReleaseFactory(title_ko="나간 글")

    response = act(desk, "send_back", can, public, comment="숫자를 확인해 주세요.")

    assert set(told(response)) == {
        "“할 글”: sent it back",
        "“나간 글” is Public: that cannot be done from there.",
    }
    assert (state(can), state(public)) == (State.DRAFT, State.PUBLIC)
    made = Step.objects.get()
    assert (made.release, made.by, made.text) == (can, editor, "숫자를 확인해 주세요.")


def test_what_changed_while_the_list_asked_is_left_and_told(desk):
    first = ReleaseFactory(title_ko="첫째", **IN_REVIEW)
    second = ReleaseFactory(title_ko="둘째", **IN_REVIEW)
    ticked = {"action": "publish_now", "_selected_action": [first.pk, second.pk]}
    form = read(desk.post(RELEASES, ticked)).one("main").one("form")
    Release.objects.filter(pk=second.pk).update(edited_at=timezone.now())

    response = desk.post(RELEASES, form.entries | ticked, follow=True)

    assert set(told(response)) == {
        "“첫째”: approved it, to be published now",
        "“둘째” was changed since you looked at it. Look at it again first.",
    }
    assert state(second) == State.IN_REVIEW


def test_the_list_asks_for_what_the_step_needs_once_for_all(desk):
    releases = ReleaseFactory.create_batch(2)

    refused = act(desk, "withdraw", *releases)
    act(desk, "withdraw", *releases, reason_ko="연도 오류")

    assert complained(refused) == ["Give a reason that the public may read."]
    assert {r.withdrawal_reason_ko for r in Release.objects.withdrawn()} == {"연도 오류"}


def test_a_warning_is_asked_about_in_the_list_as_well(desk, found):
    release = ReleaseFactory(**IN_REVIEW)
    found(WARNING)

    refused = act(desk, "publish_now", release)
    before = state(release)
    act(desk, "publish_now", release, despite="on")

    assert complained(refused) == ["There are warnings. Tick this to publish all the same."]
    assert (before, state(release)) == (State.IN_REVIEW, State.SCHEDULED)


def test_a_list_in_which_nothing_can_be_done_offers_nothing_to_press(desk):
    release = ReleaseFactory()

    page = read(desk.post(RELEASES, {"action": "submit", "_selected_action": [release.pk]}))

    assert not page.one("main").all("button")


def test_too_many_at_once_are_refused(desk, monkeypatch):
    monkeypatch.setattr("releases.admin.steps.AT_ONCE", 2)
    releases = ReleaseFactory.create_batch(3)
    ticked = {"action": "withdraw", "_selected_action": [r.pk for r in releases]}

    response = desk.post(RELEASES, ticked, follow=True)

    assert told(response) == ["Choose 2 releases at most."]


def test_of_many_those_are_deleted_that_the_public_never_saw(desk):
    draft = ReleaseFactory(title_ko="초안", **DRAFT)
    public = ReleaseFactory(title_ko="나간 글")

    response = act(desk, "delete_selected", draft, public)

    assert list(Release.objects.all()) == [public]
    assert set(told(response)) == {
        "“초안”: deleted",
        "“나간 글”: Only your drafts, or those in review, can be deleted.",
    }


def test_what_was_published_while_it_was_being_deleted_stays(desk, monkeypatch):
    release = ReleaseFactory(title_ko="글", **IN_REVIEW)
    lock = workflow.lock

    def published_meanwhile(release):
        Release.objects.update(approved_at=NINE, publish_at=NINE)
        return lock(release)

    monkeypatch.setattr(workflow, "lock", published_meanwhile)
    response = act(desk, "delete_selected", release)

    assert told(response) == ["“글” is Public: that cannot be done from there."]
    assert Release.objects.get() == release
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("meanwhile", ["published", "deleted"])
def test_what_somebody_took_away_while_it_was_being_deleted_is_told(desk, monkeypatch, meanwhile):
    release = ReleaseFactory(title_ko="글", **IN_REVIEW)
    lock = workflow.lock

    def taken_away(release):
        if meanwhile == "published":
            Release.objects.update(approved_at=NINE, publish_at=NINE)
        else:
            Release.objects.all().delete()
        return lock(release)

    with monkeypatch.context() as patched:
        patched.setattr(workflow, "lock", taken_away)
        response = desk.post(f"{RELEASES}{release.pk}/delete/", {"post": "yes"})

    words = {
        "published": "“글” is Public: that cannot be done from there.",
        "deleted": "“글” has been deleted.",
    }
    assert told(desk.get(response["Location"])) == [words[meanwhile]]
    assert not LogEntry.objects.exists()


def test_whoever_deletes_is_told_of_the_way_back_and_not_of_who_looks_on(desk, editor):
    release = ReleaseFactory(title_ko="글", **DRAFT)
    presence.seen(release, editor)
    ticked = {"action": "delete_selected", "_selected_action": [release.pk]}

    one = read(desk.get(f"{RELEASES}{release.pk}/delete/")).one("main")
    many = read(desk.post(RELEASES, ticked)).one("main")

    for page in (one, many):
        assert "It can be brought back from “Deleted releases”." in page.words
    assert "open" not in one.one("ul", id="deleted-objects").words.lower()
    assert editor.username not in one.words


def test_the_texts_of_many_are_read_at_once(desk, monkeypatch):
    releases = ReleaseFactory.create_batch(3, **IN_REVIEW)
    ticked = {"action": "publish_now", "_selected_action": [r.pk for r in releases]}
    monkeypatch.setattr("releases.doctor.examine", lambda release: [] if release.body_ko else [])

    with CaptureQueriesContext(connection) as captured:
        desk.post(RELEASES, ticked)

    asked = [q["sql"] for q in captured if '"releases_release"."body_ko"' in q["sql"]]
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1


def test_a_release_about_to_go_public_is_told_to_those_who_may_stop_it_alone():
    release = ReleaseFactory(author=person("author"), **IN_REVIEW)
    workflow.publish_now(release)

    for who, shown in [("other author", False), ("analyst", False), ("superuser", True)]:
        page = read(signed_in(person(who)).get(RELEASES))
        assert bool(page.all("form", class_="publishing")) == shown


def test_a_time_proposed_for_many_is_nine_in_the_morning_to_come(desk):
    releases = ReleaseFactory.create_batch(2, **IN_REVIEW)
    ticked = {"action": "schedule", "_selected_action": [r.pk for r in releases]}

    form = read(desk.post(RELEASES, ticked)).one("main").one("form")

    proposed = datetime.fromisoformat(f"{form.entries['at_0']}T{form.entries['at_1']}+09:00")
    assert (proposed.hour, proposed.minute) == (9, 0)
    assert timezone.now() < proposed <= timezone.now() + timedelta(days=1)
