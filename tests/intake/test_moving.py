"""Posts of another system become releases: whole, as they stood, once, and found again."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from contacts.names import same_name
from releases import versions, workflow
from releases.intake.incoming import IncomingContact
from releases.intake.media import Folder
from releases.intake.moved import Moved
from releases.intake.moving import Mover
from releases.intake.post_addresses import PAGES_AT_ONCE
from releases.intake.posts import (
    IncomingFile,
    IncomingPost,
    LeftOut,
    OldPage,
    RefusedPost,
    Standing,
    Words,
)
from releases.intake.saving import Outcome
from releases.models import Attachment, OldAddress, Picture, Release, State, Step
from tests.desk.people import EDITOR, person, signed_in
from tests.factories import MissionFactory
from tests.uploads import PDF, image

from .test_saving import everything

pytestmark = pytest.mark.django_db

POSTED = datetime(2014, 9, 9, 0, 30, tzinfo=UTC)
EDITED = POSTED + timedelta(days=3, seconds=7)
OLD = "http://old.example.org"
PICTURE = IncomingFile(f"{OLD}/wp-content/uploads/2014/09/길.jpg", True, caption="A road")
REPORT = IncomingFile(f"{OLD}/wp-content/uploads/2014/09/report.pdf", False, title="The report")


@pytest.fixture(autouse=True)
def _remarks_in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def uploads(tmp_path) -> Path:
    """A folder of uploads with the picture and the file."""
    folder = tmp_path / "uploads/2014/09"
    folder.mkdir(parents=True)
    (folder / "길.jpg").write_bytes(image((64, 48)))
    (folder / "report.pdf").write_bytes(PDF)
    return tmp_path / "uploads"


def post(number: int = 12, **values: Any) -> IncomingPost:
    """A public post of 2014, but for `values`."""
    return replace(
        IncomingPost(
            source_key=f"wordpress:old.example.org:{number}",
            number=number,
            kind="post",
            line=7,
            title="겨울 물품 전달",
            body="<p>The office delivered winter kits.</p>\n<p>A convoy follows.</p>",
            release_date=date(2014, 9, 9),
            publish_at=POSTED,
            edited_at=EDITED,
            slug="겨울-물품",
            site="old.example.org",
            addresses=(f"/?p={number}", f"/2014/09/겨울-물품-{number}/"),
        ),
        **values,
    )


def page(address: str, **leads_to: Any) -> OldPage:
    """A page of the same site."""
    return OldPage(address, site="old.example.org", **leads_to)


def move(*items, **options: Any) -> list[Moved]:
    return list(Mover(**options).move_all(items))


def written(settings) -> set[Path]:
    """The files of the storage."""
    return {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}


def told(moved: Moved) -> str:
    return "\n".join(remark.message for remark in moved.remarks)


# Created


def test_a_public_post_becomes_a_public_release_as_it_was():
    mission = MissionFactory(name_en="Iraq", name_ko="이라크")
    contact = IncomingContact("Name One", "IOM Northtown", "+964 750 0000 001", "one@example.org")

    (moved,) = move(
        post(
            place="Iraq",
            summary="<p>In short.</p>",
            contacts=(contact,),
            contact_heading="Call",
            views=234,
        )
    )

    release = Release.objects.get()
    assert (moved.outcome, moved.release) == (Outcome.CREATED, release.pk)
    assert (release.title_ko, release.title_en) == ("겨울 물품 전달", "")
    assert release.body_en == "<p>The office delivered winter kits.</p>\n<p>A convoy follows.</p>"
    assert (release.summary_en, release.slug) == ("<p>In short.</p>", "겨울-물품")
    assert (release.mission, release.dateline_en) == (mission, "")
    assert release.state == State.PUBLIC
    assert release.publish_at == release.approved_at == POSTED
    assert release.edited_at == EDITED
    assert release.contacts.get().email == "one@example.org"
    assert (release.views, release.contact_heading) == (234, "Call")
    assert set(OldAddress.objects.values_list("address", "release")) == {
        ("/?p=12", release.pk),
        ("/2014/09/겨울-물품-12", release.pk),
    }
    version = release.versions.get()
    assert (version.public_number, version.public_at) == (1, POSTED)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing.PUBLIC, State.PUBLIC),
        (Standing.IN_REVIEW, State.IN_REVIEW),
        (Standing.DRAFT, State.DRAFT),
        (Standing.BINNED, State.DRAFT),
        (Standing.WITHDRAWN, State.WITHDRAWN),
    ],
)
def test_a_post_stands_here_where_it_stood_there(client, standing, state):
    (moved,) = move(post(standing=standing))

    release = Release.objects.get()
    assert (moved.outcome, release.state) == (Outcome.CREATED, state)
    status = {State.PUBLIC: 200, State.WITHDRAWN: 410}.get(state, 404)
    assert client.get("/?p=12", follow=True).status_code == status


def test_what_was_withdrawn_there_gives_a_neutral_reason_in_both_languages(client):
    move(post(standing=Standing.WITHDRAWN))

    release = Release.objects.get()
    assert release.withdrawn_at == EDITED
    assert release.withdrawal_reason_ko
    assert release.withdrawal_reason_en == "It was taken down on our former site."


def test_a_post_scheduled_for_a_time_to_come_is_scheduled():
    move(post(standing=Standing.SCHEDULED, publish_at=timezone.now() + timedelta(days=1)))

    assert Release.objects.get().state == State.SCHEDULED


def test_a_public_post_dated_in_the_time_to_come_is_told_to_be_scheduled():
    (moved,) = move(post(publish_at=timezone.now() + timedelta(days=3)))

    assert (moved.outcome, Release.objects.get().state) == (Outcome.CREATED, State.SCHEDULED)
    assert told(moved) == "it is dated in the time to come: it is scheduled for then."


def test_a_time_that_has_passed_makes_nothing_public_that_was_not():
    (moved,) = move(post(standing=Standing.SCHEDULED))

    assert Release.objects.get().state == State.IN_REVIEW
    assert "has passed" in told(moved)


@pytest.mark.parametrize("standing", [Standing.PUBLIC, Standing.WITHDRAWN])
def test_a_public_post_without_a_text_waits_for_review(standing):
    (moved,) = move(post(body="", standing=standing))

    assert Release.objects.get().state == State.IN_REVIEW
    assert "no text" in told(moved)


def test_a_post_without_a_headline_is_called_by_its_first_words():
    (moved,) = move(post(title="", body=f"<p>{'Winter kits ' * 20}</p>"))

    title = Release.objects.get().title_en
    assert title.startswith("Winter kits")
    assert len(title) == 100
    assert "no headline" in told(moved)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": "", "body": ""}, "neither"),
        ({"title": "가" * 301}, "301 characters"),
        ({"place": "x" * 200}, "place is too long"),
        ({"contacts": (IncomingContact("n" * 151),)}, "too long for a contact"),
        ({"words": Words(9, 7, lost=("winter", "kits"))}, "2 of its words"),
    ],
)
def test_what_cannot_be_saved_whole_is_refused_and_leaves_nothing(values, reason):
    before = everything()

    (moved,) = move(post(**values))

    assert moved.outcome == Outcome.REFUSED
    assert reason in told(moved)
    assert everything() == before


def test_a_post_of_which_the_page_would_lack_a_word_is_refused(monkeypatch):
    from releases.intake import columns

    monkeypatch.setattr(columns, "clean_html", lambda body: body.replace("convoy", ""))
    before = everything()

    (moved,) = move(post())

    assert (moved.outcome, told(moved)) == (
        Outcome.REFUSED,
        "1 of its words would be lost: “convoy”.",
    )
    assert everything() == before


def test_a_word_that_the_page_has_and_the_post_has_not_is_remarked(monkeypatch):
    from releases.intake import columns

    MissionFactory(name_en="Iraq", name_ko="이라크")
    monkeypatch.setattr(columns, "clean_html", lambda body: body.replace("convoy", "convoy convoy"))

    (moved,) = move(post(place="Iraq"))

    assert moved.outcome == Outcome.CREATED
    assert told(moved) == "1 word stands in the text that the source has not got: “convoy”."


def test_what_is_no_release_is_named():
    refused, left = move(
        RefusedPost(1, "Broken", 3, "it has no date"), LeftOut(2, "revision", "Old", 5, "it is old")
    )

    assert (refused.outcome, told(refused)) == (Outcome.REFUSED, "it has no date")
    assert (left.outcome, left.kind, told(left)) == (Outcome.LEFT_OUT, "revision", "it is old")


def test_an_author_with_an_account_is_its_author():
    user = get_user_model().objects.create_user("desk", first_name="Press", last_name="Desk")

    move(post(1, author="press desk"), post(2, author="DESK"), post(3, author="Another"))

    authors = Release.objects.order_by("pk").values_list("author", flat=True)
    assert list(authors) == [user.pk, user.pk, None]
    step = Step.objects.get(release__author=None)
    assert (step.verb, step.text) == (versions.MOVE_IN, "Number there: 3; author there: Another")


def test_the_log_says_whence_it_came_and_no_verb_takes_that_for_a_move():
    move(post(author="Another"))
    release = Release.objects.get()

    page = signed_in(person(EDITOR)).get(f"/en/admin/releases/release/{release.pk}/change/")

    assert "brought it over from the old site" in page.text
    assert not Step.objects.moves()


# Missions


def test_a_place_without_a_mission_stays_in_the_text_and_is_told():
    (moved,) = move(post(place="Northtown"))

    assert Release.objects.get().body_en.startswith("<p>Northtown - The office")
    assert "no mission goes by “Northtown”" in told(moved)


def test_a_mission_is_founded_on_demand():
    move(post(1, place="Iraq"), post(2, place="Iraq"), create_missions=True)

    first, second = Release.objects.order_by("pk")
    assert first.mission == second.mission
    assert first.mission.name_en == "Iraq"


def test_a_category_names_the_mission_where_the_place_does_not():
    mission = MissionFactory(name_ko="이라크", name_en="Iraq")
    mover = Mover()

    list(mover.move_all([post(1, terms=("보도자료", "이라크")), post(2, terms=("보도자료",))]))

    assert list(Release.objects.order_by("pk").values_list("mission", flat=True)) == [
        mission.pk,
        None,
    ]
    assert mover.unknown_terms == {"보도자료": 2}


def test_a_mapping_says_what_categories_stand_for():
    iraq, other = MissionFactory(name_ko="이라크"), MissionFactory()
    mover = Mover(terms={same_name("중동"): other, same_name("이라크"): None})

    list(mover.move_all([post(1, terms=("이라크", "중동")), post(2, terms=("이라크",))]))

    assert list(Release.objects.order_by("pk").values_list("mission", flat=True)) == [
        other.pk,
        None,
    ]
    assert not mover.unknown_terms
    assert iraq.releases.count() == 0


def test_the_place_is_printed_where_a_category_names_the_mission():
    MissionFactory(name_en="Kenya")

    move(post(place="Dadaab", terms=("Kenya",)))

    release = Release.objects.get()
    assert release.dateline_en == "Dadaab"
    assert release.body_en.startswith("<p>The office")


# Pictures and files


def test_pictures_and_files_come_along(client, uploads):
    move(post(files=(REPORT, replace(PICTURE, is_lead=True))), media=Folder(uploads))

    picture, file = Picture.objects.get(), Attachment.objects.get()
    assert (picture.alt_en, picture.caption_en, picture.width) == ("A road", "A road", 64)
    assert (file.title_en, file.name) == ("The report", "report.pdf")
    for asked in ("/wp-content/uploads/2014/09/길.jpg", "/wp-content/uploads/2014/09/report.pdf"):
        assert client.get(asked, follow=True).status_code == 200
    assert client.get(picture.card_url).status_code == 200


@pytest.mark.parametrize(
    ("said", "alt"),
    [
        ({"alt": "A long road", "caption": "C", "title": "T"}, "A long road"),
        ({"alt": " ", "caption": "A road", "title": "T"}, "A road"),
        ({"caption": "", "title": "road-2014"}, "road-2014"),
        ({"caption": ""}, "길.jpg"),
        ({"alt": "word " * 100}, ("word " * 60)[:299] + "…"),
    ],
)
def test_a_picture_is_described_by_the_best_that_is_said_of_it(uploads, said, alt):
    (moved,) = move(post(files=(replace(PICTURE, **said),)), media=Folder(uploads))

    picture = Picture.objects.get()
    assert picture.alt_ko + picture.alt_en == alt
    assert ("had no description" in told(moved)) == (not said.get("alt", "").strip())


def test_the_leading_picture_stands_first(uploads):
    second = replace(PICTURE, address=f"{OLD}/wp-content/uploads/b.jpg", is_lead=True)
    (uploads / "b.jpg").write_bytes(image((32, 32)))

    move(post(files=(PICTURE, second)), media=Folder(uploads))

    assert [picture.width for picture in Picture.objects.order_by("position")] == [32, 64]


def test_a_picture_that_is_not_there_is_told_and_its_caption_stays(uploads):
    (uploads / "2014/09/길.jpg").unlink()

    (moved,) = move(post(files=(PICTURE,)), media=Folder(uploads))

    assert "is not in what --media-from names" in told(moved)
    assert Release.objects.get().body_en.endswith("\n<p>A road</p>")
    assert not Picture.objects.exists()


def test_a_later_run_brings_what_was_not_there(uploads):
    before = [post(files=(PICTURE, REPORT))]
    move(*before)

    (moved,) = move(*before, media=Folder(uploads))

    assert moved.outcome == Outcome.UPDATED
    assert Picture.objects.get().caption_en == "A road"
    assert "A road" not in Release.objects.get().body_en
    assert Attachment.objects.count() == 1
    (again,) = move(*before)
    assert again.outcome == Outcome.UNCHANGED


@pytest.mark.parametrize("dry", [False, True])
def test_an_export_that_holds_less_takes_nothing_away(uploads, dry):
    lead = replace(PICTURE, is_lead=True)
    move(post(files=(lead,)), media=Folder(uploads))
    before = everything()

    less = post(title="New words", lacks=True)
    (part,) = move(less, media=Folder(uploads), dry_run=dry)
    (again,) = move(post(files=(lead,)), media=Folder(uploads), dry_run=dry)

    assert (part.outcome, again.outcome) == (Outcome.UNCHANGED, Outcome.UNCHANGED)
    assert "this export holds less" in part.remarks[-1].message
    assert everything() == before


def test_who_insists_gets_what_an_export_holds_that_holds_less(uploads):
    move(post(files=(PICTURE,)), media=Folder(uploads))

    (moved,) = move(post(title="New words", lacks=True), media=Folder(uploads), overwrite=True)

    assert moved.outcome == Outcome.UPDATED
    assert (Release.objects.get().title_en, Picture.objects.count()) == ("New words", 0)


def test_what_came_first_from_an_export_that_holds_less_is_filled_up(uploads):
    move(post(lacks=True), media=Folder(uploads))

    (moved,) = move(post(files=(PICTURE,)), media=Folder(uploads))

    assert (moved.outcome, Picture.objects.count()) == (Outcome.UPDATED, 1)


def test_a_picture_that_we_do_not_take_is_told(uploads):
    (uploads / "2014/09/길.jpg").write_bytes(b"no picture")

    (moved,) = move(post(files=(PICTURE,)), media=Folder(uploads))

    assert "no picture that we can take" in told(moved)
    assert moved.outcome == Outcome.CREATED


def test_two_posts_share_the_bytes_of_a_picture(settings, uploads):
    before = written(settings)

    move(post(1, files=(PICTURE,)), post(2, files=(PICTURE,)), media=Folder(uploads))

    first, second = Picture.objects.order_by("pk")
    assert first.image.name == second.image.name
    assert len({path.parent for path in written(settings) - before}) == 1


def test_a_refused_post_leaves_no_file(settings, uploads, monkeypatch):
    from releases.intake import columns

    monkeypatch.setattr(columns, "clean_html", lambda body: body.replace("convoy", ""))
    before = written(settings)
    move(post(files=(PICTURE, REPORT)), media=Folder(uploads))

    assert written(settings) == before
    assert not OldAddress.objects.exists()


def test_a_long_caption_stays_in_the_text(uploads):
    caption = "word " * 120

    move(post(files=(replace(PICTURE, caption=caption),)), media=Folder(uploads))

    assert Picture.objects.get().caption_en == ""
    assert caption.strip() in Release.objects.get().body_en


# Again


def test_a_second_run_changes_nothing(uploads):
    items = [
        post(1, files=(PICTURE, REPORT), views=3, body=f'<p>See <a href="{OLD}/?p=2">it</a>.</p>'),
        post(2, standing=Standing.WITHDRAWN),
        post(3, standing=Standing.IN_REVIEW, place="Northtown"),
        post(4, title=""),
        page("/category/x/", term="x"),
        page("/?attachment_id=9", post=1),
        page("/about/", path="/contacts/"),
    ]
    move(*items, media=Folder(uploads))
    before = everything()

    for options in ({}, {"media": Folder(uploads)}, {"overwrite": True}):
        moved = move(*items, **options)
        outcomes = {each.outcome for each in moved}
        assert outcomes == {Outcome.UNCHANGED, Outcome.LEFT_OUT}
    assert everything() == before


def test_a_post_that_was_changed_there_is_changed_here():
    move(post())

    (moved,) = move(post(body="<p>The office delivered more.</p>", slug="more"))

    release = Release.objects.get()
    assert moved.outcome == Outcome.UPDATED
    assert (release.body_en, release.slug) == ("<p>The office delivered more.</p>", "more")
    assert release.versions.count() == 2
    assert release.edited_at > EDITED


def test_what_an_editor_changed_stays_theirs_unless_told_otherwise():
    move(post())
    release = Release.objects.get()
    release.title_en = "An English headline"
    release.save()
    later = post(title="새 제목")

    (moved,) = move(later)
    assert moved.outcome == Outcome.REFUSED
    assert "--overwrite" in told(moved)
    assert Release.objects.get().title_ko == "겨울 물품 전달"
    (again,) = move(post())
    assert again.outcome == Outcome.UNCHANGED

    (moved,) = move(later, overwrite=True)
    release = Release.objects.get()
    assert moved.outcome == Outcome.UPDATED
    assert (release.title_ko, release.title_en) == ("새 제목", "An English headline")


def test_addresses_of_what_an_editor_changed_come_though_its_text_does_not(client):
    move(post())
    release = Release.objects.get()
    Release.objects.update(title_en="An English headline")
    later = post(title="새 제목", addresses=("/2014/09/new/",))

    dry = move(later, page("/?attachment_id=9", post=12), dry_run=True)
    moved = move(later, page("/?attachment_id=9", post=12))

    for refused, about in (dry, moved):
        assert (refused.outcome, about.outcome) == (Outcome.REFUSED, Outcome.CREATED)
        assert "edited here" in told(refused)
        assert told(about) == ""
    for address in ("/2014/09/new/", "/?attachment_id=9"):
        assert client.get(address)["Location"] == release.get_absolute_url(language="ko")
    assert Release.objects.get().title_ko == "겨울 물품 전달"


def test_views_of_what_an_editor_changed_come_though_its_text_does_not():
    move(post(views=10))
    Release.objects.update(title_ko="편집자의 제목")
    edited_there = post(title="겨울 물품 추가 전달", views=900)

    (tried,) = move(edited_there, dry_run=True)
    views_then = Release.objects.get().views
    (moved,) = move(edited_there)

    assert tried.outcome == moved.outcome == Outcome.REFUSED
    release = Release.objects.get()
    assert (release.title_ko, views_then, release.views) == ("편집자의 제목", 10, 900)


@pytest.mark.parametrize(
    "theirs", ["<p>The office delivered winter kits and tents.</p>", "<p>Kits came.</p>"]
)
def test_an_editors_own_words_are_not_compared_where_only_the_views_are_new(theirs):
    move(post(views=10))
    Release.objects.update(body_en=theirs)

    (moved,) = move(post(views=900))

    assert (moved.outcome, told(moved)) == (Outcome.UPDATED, "")
    release = Release.objects.get()
    assert (release.body_en, release.views) == (theirs, 900)


def test_what_was_deleted_here_stays_away_unless_told_otherwise(client):
    move(post())
    versions.delete(Release.objects.get())
    before = everything()

    moved = [each for run in (True, False) for each in move(post(), dry_run=run)]

    assert {each.outcome for each in moved} == {Outcome.REFUSED}
    assert {told(each) for each in moved} == {
        "it was deleted here; --overwrite brings it back.",
    }
    assert everything() == before
    (moved,) = move(post(), overwrite=True)
    assert moved.outcome == Outcome.CREATED
    assert client.get("/?p=12", follow=True).status_code == 200
    (again,) = move(post())
    assert again.outcome == Outcome.UNCHANGED


def test_what_was_brought_back_here_is_known_again():
    move(post())
    versions.delete(Release.objects.get())
    step = Step.objects.get(verb=versions.DELETE)
    versions.recover(versions.Deleted(step, versions.Version.objects.get()))

    (moved,) = move(post())

    assert (moved.outcome, Release.objects.get().state) == (Outcome.UNCHANGED, State.DRAFT)


def test_a_picture_that_an_editor_added_survives_an_overwriting(uploads):
    from tests.uploads import picture_of

    move(post(files=(PICTURE,)), media=Folder(uploads))
    release = Release.objects.get()
    own = picture_of(release, image((20, 20)), position=1)

    move(post(title="새 제목", files=(PICTURE,)), media=Folder(uploads), overwrite=True)

    assert [picture.width for picture in Picture.objects.order_by("position")] == [64, 20]
    assert Picture.objects.filter(pk=own.pk).exists()


def test_a_draft_that_was_published_here_is_not_taken_back():
    move(post(standing=Standing.DRAFT))
    release = Release.objects.get()
    workflow.publish_dated(Release.objects.get()) if release.publish_at else None

    move(post(standing=Standing.DRAFT, title="새 제목"), overwrite=True)

    release.refresh_from_db()
    assert (release.title_ko, release.state) == ("새 제목", State.PUBLIC)


def test_a_post_that_is_published_there_later_becomes_public_here():
    move(post(standing=Standing.DRAFT))

    (moved,) = move(post())

    assert (moved.outcome, Release.objects.get().state) == (Outcome.UPDATED, State.PUBLIC)


def test_a_post_that_is_no_longer_public_there_says_so_here(client):
    move(post())

    (moved,) = move(post(standing=Standing.DRAFT))

    assert Release.objects.get().state == State.WITHDRAWN
    assert client.get("/?p=12", follow=True).status_code == 410
    (again,) = move(post(standing=Standing.DRAFT))
    assert again.outcome == Outcome.UNCHANGED


def test_views_counted_here_stay_when_the_old_site_has_counted_on():
    move(post(views=5))

    (moved,) = move(post(views=8))

    assert (moved.outcome, Release.objects.get().views) == (Outcome.UPDATED, 8)


def test_a_dry_run_tells_of_old_addresses_what_the_run_will(uploads):
    items = [
        post(files=(PICTURE, REPORT)),
        page("/wp-content/uploads/2014/09/길.jpg", post=12),
        page("/wp-content/uploads/2014/09/none.jpg", post=12),
        page("/2014/09/겨울-물품-12/", path="/"),
        page("/?p=12", post=12),
        *(page(f"/{number}", path="/") for number in range(PAGES_AT_ONCE)),
        page("/1", path="/"),
        page("/2", post=12),
    ]

    tried, moved = (
        [
            (each.title, each.outcome, told(each))
            for each in move(*items, media=Folder(uploads), dry_run=dry)
        ]
        for dry in (True, False)
    )

    assert tried == moved
    assert Counter(outcome for _title, outcome, _told in tried) == {
        Outcome.CREATED: 1 + 1 + PAGES_AT_ONCE,
        Outcome.UNCHANGED: 5,
    }


def test_a_dry_run_saves_nothing_and_says_what_would_be(uploads, settings):
    items = [post(1, files=(PICTURE,), place="Iraq"), page("/?attachment_id=9", post=1)]
    before, files = everything(), written(settings)

    moved = move(*items, media=Folder(uploads), create_missions=True, dry_run=True)

    assert [each.outcome for each in moved] == [Outcome.CREATED, Outcome.CREATED]
    assert "is new" in told(moved[0])
    assert everything() == before
    assert written(settings) == files


# Addresses and links


def test_an_address_that_two_posts_had_leads_to_the_first():
    _first, second = move(post(1, addresses=("/a/",)), post(2, addresses=("/a/", "/b/")))

    assert "leads somewhere else already" in told(second)
    assert OldAddress.objects.get(address="/a").release.source_key.endswith(":1")


def test_the_address_of_a_file_that_came_leads_to_it_whatever_else_is_said_of_it(uploads):
    about = page("/wp-content/uploads/2014/09/report.pdf", post=12)

    moved = move(post(files=(REPORT,)), about, media=Folder(uploads))

    assert (moved[1].outcome, told(moved[1])) == (Outcome.UNCHANGED, "")
    assert OldAddress.objects.get(address=about.address).stored


def test_old_pages_of_a_refused_post_lead_to_no_other(monkeypatch):
    from releases.intake import columns

    clean = columns.clean_html
    monkeypatch.setattr(columns, "clean_html", lambda body: clean(body.replace("convoy", "")))

    moved = move(post(1), post(2, body="<p>Two towns.</p>"), page("/a", post=1), page("/b", post=2))

    refused, created, lost, kept = moved
    assert (refused.outcome, lost.outcome) == (Outcome.REFUSED, Outcome.LEFT_OUT)
    assert (created.outcome, kept.outcome) == (Outcome.CREATED, Outcome.CREATED)
    assert OldAddress.objects.get(address="/b").release_id == created.release


def test_old_pages_lead_to_posts_missions_and_pages_of_ours():
    MissionFactory(name_ko="이라크", slug="iraq")

    moved = move(
        post(),
        page("/?attachment_id=5", post=12),
        page("/category/iraq/", term="이라크"),
        page("/feed/rss/", path="/feed/"),
        page("/?attachment_id=6", post=99),
        page("/category/x/", term="x"),
    )

    outcomes = [each.outcome for each in moved[1:]]
    assert outcomes == [Outcome.CREATED] * 3 + [Outcome.LEFT_OUT] * 2
    assert "post 99, which is not here" in told(moved[4])


@pytest.mark.parametrize(
    "href",
    [
        f"{OLD}/?p=2",
        "https://www.old.example.org/?p=2&amp;utm_source=x",
        "/?p=2",
        f"{OLD}/2014/09/겨울-물품-2/#more",
    ],
)
def test_links_between_posts_lead_to_ours_in_whatever_order_they_come(href):
    body = f'<p>As <a href="{href}">told</a>.</p>'

    move(post(1, body=body), post(2), post(3, body=body))

    first, second, third = Release.objects.order_by("pk")
    linked = f'<p>As <a href="{second.get_absolute_url(language="en")}">told</a>.</p>'
    assert first.body_en == third.body_en == linked
    assert first.versions.count() == third.versions.count() == 1
    assert first.versions.get().content["body_en"] == linked
    assert third.edited_at == EDITED


def test_no_link_tells_the_address_of_what_is_not_public():
    body = f'<p>As <a href="{OLD}/?p=2">told</a>.</p>'

    move(post(1, body=body), post(2, standing=Standing.DRAFT, slug="secret"))

    assert Release.objects.order_by("pk")[0].body_en == body


def test_links_to_other_sites_stay():
    body = (
        '<p>As <a href="http://elsewhere.example.org/?p=2">told</a>, '
        '<a href="mailto:a@example.org">x</a>.</p>'
    )

    move(post(1, body=body), post(2))

    assert Release.objects.order_by("pk")[0].body_en == body


def test_a_link_to_a_file_leads_to_it_here(client, uploads):
    body = f'<p>The <a href="{REPORT.address}">report</a>.</p>'

    move(post(1, body=body, files=(REPORT,)), post(2, body=body), media=Folder(uploads))

    url = Attachment.objects.get().url
    for release in Release.objects.all():
        assert f'<a href="{url}">' in release.body_en
    assert client.get(url).status_code == 200


def test_an_editors_text_keeps_its_links():
    body = f'<p>As <a href="{OLD}/?p=2">told</a>.</p>'
    move(post(1, body=body))
    Release.objects.update(title_en="Edited")

    move(post(1, body=body), post(2))

    assert Release.objects.order_by("pk")[0].body_en == body


def test_a_release_that_an_editor_deletes_meanwhile_stops_no_linking(monkeypatch):
    from releases.intake import columns, linking

    body = '<p>As <a href="/?p=9">told</a>.</p>'
    move(*(post(number, body=body) for number in (1, 2, 3)))
    first, second, third = Release.objects.order_by("pk")
    looked_at = []

    def deleting(release: Release) -> bool:
        looked_at.append(release.pk)
        Release.objects.filter(pk=second.pk).delete()
        return True

    monkeypatch.setattr(columns, "is_as_saved", deleting)
    linking.link_all(["old.example.org"], linking.hosts())

    assert looked_at == [first.pk, third.pk]


# Two old sites

OTHER = "http://other.example.org"


def theirs(number: int = 12, **values: Any) -> IncomingPost:
    """A post of another site, with the numbers and addresses of the first."""
    values = {"title": "다른 소식", "source_key": f"wordpress:other.example.org:{number}"} | values
    return post(number, site="other.example.org", **values)


def where(release: Release) -> str:
    return release.get_absolute_url(language="en")


def test_two_sites_in_one_newsroom_keep_their_addresses_apart(client, settings):
    settings.ALLOWED_HOSTS = [".example.org"]

    moved = [*move(post(), page("/?attachment_id=9", post=12))]
    moved += move(theirs(), OldPage("/?attachment_id=9", post=12, site="other.example.org"))

    assert {each.outcome for each in moved} == {Outcome.CREATED}
    assert [told(each) for each in moved] == [""] * 4
    ours, other = Release.objects.order_by("pk")
    for address in ("/?p=12", "/?attachment_id=9"):
        for host, release in (("old", ours), ("www.other", other)):
            answer = client.get(address, headers={"host": f"{host}.example.org"})
            assert answer["Location"] == release.get_absolute_url(language="ko")


@pytest.mark.parametrize("first", ["", "www."])
def test_a_site_is_the_same_with_www_and_without(client, uploads, settings, first):
    def exported(www: str, **values: Any) -> list:
        site = f"{www}old.example.org"
        file = replace(PICTURE, address=PICTURE.address.replace("old.", f"{www}old."))
        return [
            post(source_key=f"wordpress:{site}:12", site=site, files=(file,), **values),
            OldPage("/?attachment_id=9", post=12, site=site),
        ]

    second = "" if first else "www."
    move(*exported(first), media=Folder(uploads))
    before, files = everything(), written(settings)

    again = move(*exported(second), media=Folder(uploads))
    alone = move(exported(second)[1])

    assert {each.outcome for each in again + alone} == {Outcome.UNCHANGED}
    assert (everything(), written(settings)) == (before, files)
    (changed, _page) = move(*exported(second, title="새 제목"), media=Folder(uploads))
    assert changed.outcome == Outcome.UPDATED
    release = Release.objects.get()
    assert (release.title_ko, release.source_key) == (
        "새 제목",
        f"wordpress:{first}old.example.org:12",
    )
    versions.delete(release)
    (deleted,) = move(exported(second)[0])
    assert told(deleted) == "it was deleted here; --overwrite brings it back."


def test_of_two_that_came_by_both_names_each_is_known_by_its_own():
    keys = ("wordpress:www.old.example.org:12", "wordpress:old.example.org:12")
    move(post(source_key=keys[0]))
    Release.objects.update(source_key="kept")
    move(post(source_key=keys[1]))
    Release.objects.filter(source_key="kept").update(source_key=keys[0])

    for key in keys:
        move(post(source_key=key, title=key))

    assert {(r.source_key, r.title_en) for r in Release.objects.all()} == set(
        zip(keys, keys, strict=True)
    )


def test_two_sites_below_one_host_have_posts_of_their_own():
    sites = ("network.example.org/seoul", "network.example.org/busan")
    posts = [
        post(
            title=site,
            source_key=f"wordpress:{site}:12",
            site=site,
            addresses=(f"/{site[20:]}/?p=12",),
        )
        for site in sites
    ]
    pages = [OldPage(f"/{site[20:]}/?attachment_id=9", post=12, site=site) for site in sites]

    move(*posts, *pages)

    for site in sites:
        row = OldAddress.objects.get(address=f"/{site[20:]}?attachment_id=9")
        assert (row.site, row.release.title_en) == ("network.example.org", site)


def test_a_picture_of_another_site_at_the_same_path_is_another(uploads, tmp_path):
    elsewhere = tmp_path / "theirs"
    (elsewhere / "2014/09").mkdir(parents=True)
    (elsewhere / "2014/09/길.jpg").write_bytes(image((32, 32)))
    move(post(files=(PICTURE,)), media=Folder(uploads))

    move(
        theirs(files=(replace(PICTURE, address=PICTURE.address.replace(OLD, OTHER)),)),
        media=Folder(elsewhere),
    )

    widths = Release.objects.order_by("pk").values_list("pictures__width", flat=True)
    assert list(widths) == [64, 32]


def test_bytes_of_an_unknown_site_are_known_by_their_release(uploads, settings):
    item = post(files=(PICTURE,))
    move(item, media=Folder(uploads))
    OldAddress.objects.update(site="")
    before = written(settings)

    (moved,) = move(item, media=Folder(uploads))

    assert moved.outcome == Outcome.UNCHANGED
    assert written(settings) == before


def test_a_link_leads_to_the_post_of_the_site_that_it_is_of(client):
    body = (
        f'<p>A <a href="/?p=2">b</a> <a href="{OTHER}/?p=2">c</a> <a href="{OTHER}/?p=3">d</a>.</p>'
    )

    move(post(1, body=body), post(2), post(3), theirs(2))

    first, second, _third, other = Release.objects.order_by("pk")
    assert first.body_en == (
        f'<p>A <a href="{where(second)}">b</a> <a href="{where(other)}">c</a> '
        f'<a href="{OTHER}/?p=3">d</a>.</p>'
    )


def test_a_link_to_a_site_that_came_later_leads_on_then():
    body = f'<p>As <a href="{OTHER}/?p=2">told</a>.</p>'
    move(post(1, body=body))

    move(theirs(2))

    first, other = Release.objects.order_by("pk")
    assert first.body_en == f'<p>As <a href="{where(other)}">told</a>.</p>'


@pytest.mark.parametrize("address", ["/", "/page/3/", "/?s=road", "/feed/"])
def test_lists_of_another_site_are_not_ours(address):
    move(theirs(2))
    body = f'<p>As <a href="{OTHER}{address}">listed</a>.</p>'

    move(post(1, body=body))

    assert Release.objects.order_by("pk")[1].body_en == body


def test_the_page_above_a_site_below_a_path_is_none_of_it():
    body = f'<p>As <a href="{OLD}/">told</a> and <a href="{OLD}/blog/?p=2">seen</a>.</p>'
    site = "old.example.org/blog"

    move(
        post(1, body=body, source_key=f"wordpress:{site}:1", site=site),
        post(2, source_key=f"wordpress:{site}:2", site=site, addresses=("/blog/?p=2",)),
    )

    first, second = Release.objects.order_by("pk")
    assert first.body_en == body.replace(f"{OLD}/blog/?p=2", where(second))


# An export in several files


def test_a_page_of_a_post_that_came_with_another_file_leads_to_it():
    move(post())

    moved = move(page("/?attachment_id=9", post=12), page("/?attachment_id=8", post=99))

    assert [each.outcome for each in moved] == [Outcome.CREATED, Outcome.LEFT_OUT]
    row = OldAddress.objects.get(address="/?attachment_id=9")
    assert row.release == Release.objects.get()


# By a feed


TEASER = "<p>The office delivered […]</p>"


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("standing", [Standing.PUBLIC, Standing.DRAFT, Standing.WITHDRAWN])
def test_a_feed_leaves_what_an_export_brought(standing, overwrite):
    move(post(standing=standing))
    before = Release.objects.get()

    (moved,) = move(
        post(body=TEASER, is_of_feed=True, views=3, addresses=("/kits/",)), overwrite=overwrite
    )

    release = Release.objects.get()
    assert (moved.outcome, moved.release) == (Outcome.UNCHANGED, release.pk)
    assert "know more of it than a feed" in told(moved)
    assert moved.here > 10  # words of the page as it is
    assert (release.body_en, release.state) == (before.body_en, before.state)
    assert release.source_digest == before.source_digest
    assert release.views == before.views
    assert OldAddress.objects.filter(address="/kits", release=release).exists()


def test_a_feed_creates_what_is_not_here_and_follows_its_own_changes():
    created, unchanged, updated = (
        move(post(body=body, is_of_feed=True))[0].outcome
        for body in (TEASER, TEASER, "<p>The office delivered winter kits.</p>")
    )

    assert (created, unchanged, updated) == (
        Outcome.CREATED,
        Outcome.UNCHANGED,
        Outcome.UPDATED,
    )


def test_an_export_tells_the_whole_of_what_a_feed_brought():
    move(post(body=TEASER, is_of_feed=True))

    (moved,) = move(post())

    assert moved.outcome == Outcome.UPDATED
    assert "A convoy follows" in Release.objects.get().body_en
