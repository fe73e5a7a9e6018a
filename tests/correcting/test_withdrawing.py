"""A withdrawn release says why and what to read instead; a replaced one leads there."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from releases import workflow
from releases.models import Release, State, Step
from tests.corrected import change, correct
from tests.desk.keeping import at_desk
from tests.desk.people import EDITOR, person
from tests.factories import DRAFT, WITHDRAWN, ReleaseContactFactory, ReleaseFactory, tomorrow
from tests.reading import read
from tests.uploads import file_of, picture_of

pytestmark = pytest.mark.django_db

HEADLINE = "틀린제목"


@pytest.fixture
def old():
    release = ReleaseFactory(title_ko=HEADLINE, title_en="Wrong headline", body_ko="<p>글</p>")
    ReleaseContactFactory(release=release, position=1)
    return release


@pytest.fixture
def new():
    return ReleaseFactory(title_ko="바른 제목", title_en="Right headline")


def step(release, verb) -> str:
    return f"/en/admin/releases/release/{release.pk}/step/{verb}/"


def lists(client) -> str:
    addresses = ["/", "/en/", "/feed/", "/feed/json/", "/sitemap-releases-ko.xml", "/releases.csv"]
    return "".join(client.get(place).content.decode() for place in [*addresses, "/api/releases/"])


def pages_of(release) -> list[str]:
    """Each address that is the release's own, but for its page."""
    start = f"/releases/{release.pk}"
    picture, file = release.pictures.get(), release.files.get()
    return [
        f"{start}/contacts/1.vcf",
        f"{start}/corrections/1/",
        f"{start}/versions/1/",
        f"{start}/versions/2/",
        picture.original_url,
        file.url,
    ]


def test_a_withdrawn_release_says_why_and_what_to_read_instead(client, old, new):
    workflow.withdraw(old, reason_ko="숫자가 틀렸습니다.", reason_en="Wrong.", replaced_by=new)

    for language in ("ko", "en"):
        response = client.get(old.get_absolute_url(language))
        page = read(response)
        assert response.status_code == 410
        link = page.one("main").all("a")[0]
        assert link["href"] == new.get_absolute_url(language)
        assert HEADLINE not in response.text
        assert "Wrong headline" not in response.text
    assert "Wrong." in page.one("main").words
    assert HEADLINE not in lists(client)


def test_the_notice_names_only_what_is_public(client, old, new):
    workflow.withdraw(old, reason_ko="오류", replaced_by=new)
    workflow.withdraw(new, reason_ko="또 오류")

    response = client.get(old.get_absolute_url())

    assert response.status_code == 410
    assert "바른 제목" not in response.text


def test_all_that_belongs_to_a_withdrawn_release_is_gone(client, old):
    picture_of(old)
    file_of(old)
    correct(old)
    workflow.withdraw(old, reason_ko="오류")

    found = {place: client.get(place).status_code for place in pages_of(old)}

    assert found == dict.fromkeys(found, 410)
    assert client.get(old.get_text_url()).status_code == 410


def test_a_withdrawal_is_undone(client, old, new):
    correct(old)
    workflow.withdraw(old, reason_ko="오류", replaced_by=new)

    workflow.restore(old)

    assert HEADLINE in client.get(old.get_absolute_url()).text
    assert client.get(f"/releases/{old.pk}/corrections/1/").status_code == 200
    assert Release.objects.get(pk=old.pk).replaced_by is None
    assert HEADLINE in lists(client)


def test_a_replaced_release_leads_to_the_new_one_in_the_same_language(client, old, new):
    workflow.replace(old, new)

    for language in ("ko", "en"):
        response = client.get(old.get_absolute_url(language))
        assert response.status_code == 301
        assert response["Location"] == new.get_absolute_url(language)
        # A browser that kept it for good would miss that it is undone.
        assert response["Cache-Control"] == "no-cache"
    assert client.get(f"/releases/{old.pk}/")["Location"] == new.get_absolute_url()
    assert client.get(f"/releases/{old.pk}/x.txt")["Location"] == new.get_text_url()
    assert HEADLINE not in lists(client)


def test_what_else_belonged_to_a_replaced_release_names_the_new_one(client, old, new):
    picture_of(old)
    file_of(old)
    correct(old)
    workflow.replace(old, new)

    for place in pages_of(old):
        if "/corrections/" in place or "/versions/" in place:
            continue
        response = client.get(place)
        assert response.status_code == 410, place
        assert new.get_absolute_url() in response.text


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("place", ["corrections/1/", "versions/1/", "versions/99/"])
def test_corrections_and_versions_of_a_replaced_release_lead_to_what_replaced_it(
    client, old, new, place, prefix
):
    correct(old)
    workflow.replace(old, new)

    response = client.get(f"{prefix}/releases/{old.pk}/{place}")

    assert response.status_code == 301
    assert response["Location"] == new.get_absolute_url("en" if prefix else "ko")
    assert response["Cache-Control"] == "no-cache"


def test_a_chain_leads_to_its_end_at_once_and_past_what_is_gone(client, old, new):
    last = ReleaseFactory(title_ko="마지막 제목")
    workflow.replace(old, new)
    workflow.replace(new, last)

    assert client.get(old.get_absolute_url())["Location"] == last.get_absolute_url()

    workflow.withdraw(last, reason_ko="오류")
    response = client.get(old.get_absolute_url())
    assert response.status_code == 410
    assert "마지막 제목" not in response.text


def test_a_loop_ends(client, old, new):
    now = timezone.now()
    Release.objects.filter(pk=old.pk).update(withdrawn_at=now, replaced_by=new)
    Release.objects.filter(pk=new.pk).update(withdrawn_at=now, replaced_by=old)

    assert client.get(old.get_absolute_url()).status_code == 410


def test_a_replacement_is_undone_and_each_is_at_its_own_address(client, old, new):
    workflow.replace(old, new)

    workflow.restore(old)

    assert client.get(old.get_absolute_url()).status_code == 200
    assert client.get(new.get_absolute_url()).status_code == 200
    assert list(Step.objects.values_list("verb", flat=True)) == ["replace", "restore"]


@pytest.mark.parametrize(
    "times", [DRAFT, WITHDRAWN, {"publish_at": tomorrow()}], ids=["draft", "withdrawn", "scheduled"]
)
def test_nothing_is_replaced_by_what_is_not_public(old, times):
    for verb, reason in ((workflow.replace, {}), (workflow.withdraw, {"reason_ko": "오류"})):
        with pytest.raises(ValidationError, match="공개된"):
            verb(old, replaced_by=ReleaseFactory(**times), **reason)

    old.refresh_from_db()
    assert (old.state, old.replaced_by) == (State.PUBLIC, None)
    assert not Step.objects.exists()


def test_nothing_replaces_itself(old):
    with pytest.raises(ValidationError, match="그 자신"):
        workflow.replace(old, old)

    assert Release.objects.get().state == State.PUBLIC


@pytest.mark.parametrize(
    "written", ["{pk}", "https://news.example.org/en{url}", "{url}", "/releases/{pk}"]
)
def test_the_desk_takes_an_address_or_a_number(client, old, new, written):
    sent = {
        "replaced_by": written.format(pk=new.pk, url=new.get_absolute_url()),
        f"seen-{old.pk}": old.edited_at.isoformat(),
    }

    response = at_desk(person(EDITOR)).post(step(old, "replace"), sent)

    assert response.status_code == 302
    assert client.get(old.get_absolute_url())["Location"] == new.get_absolute_url()


@pytest.mark.parametrize("written", ["", "0", "x", "/missions/iraq/", "{draft}", "9" * 30])
def test_the_desk_refuses_what_names_no_public_release(old, written):
    draft = ReleaseFactory(**DRAFT)
    sent = {
        "replaced_by": written.format(draft=draft.pk),
        f"seen-{old.pk}": old.edited_at.isoformat(),
    }

    response = at_desk(person(EDITOR)).post(step(old, "replace"), sent)

    assert response.status_code == 200
    assert read(response).all("ul", class_="errorlist")
    assert Release.objects.get(pk=old.pk).state == State.PUBLIC


def test_a_replaced_release_is_not_given_a_reason_in_its_form(old, new):
    desk = at_desk(person(EDITOR))
    workflow.replace(old, new)

    page = read(desk.get(f"/en/admin/releases/release/{old.pk}/change/"))

    assert not page.all("textarea", name="withdrawal_reason_ko")
    assert "Its address leads to:" in page.words


# Changed while it was withdrawn


@pytest.fixture(params=["withdrawn", "replaced"])
def changed(request, old, new):
    """A release that was changed, twice, while the public could not read it."""
    if request.param == "withdrawn":
        workflow.withdraw(old, reason_ko="오류")
    else:
        workflow.replace(old, new)
    change(old, title_ko="잠깐 쓴 제목")
    change(old, title_ko="고친 제목")
    return old


def restored(release, **sent):
    sent |= {f"seen-{release.pk}": release.edited_at.isoformat()}
    return at_desk(person(EDITOR)).post(step(release, "restore"), sent)


NOTES = {"correction_note_ko": "제목이 틀렸습니다.", "correction_note_en": "The headline."}


def test_what_was_changed_meanwhile_is_not_public_again_without_a_choice(client, changed):
    asked = at_desk(person(EDITOR)).get(step(changed, "restore"))
    refused = [restored(changed), restored(changed, correction_kind="correction")]

    assert read(asked).one("fieldset", class_="correcting-kind")
    assert "choose whether this is a small fix" in refused[0].text
    assert "say in Korean what was corrected" in refused[1].text
    assert Release.objects.get(pk=changed.pk).state == State.WITHDRAWN
    assert not Step.objects.filter(verb="restore").exists()


def test_a_correction_made_meanwhile_is_told_with_the_difference_to_what_was_public(
    client, changed
):
    response = restored(changed, correction_kind="correction", **NOTES)

    assert response.status_code == 302
    assert "제목이 틀렸습니다." in client.get(changed.get_absolute_url("ko")).text
    difference = client.get(f"/releases/{changed.pk}/corrections/1/").text
    assert "고친" in difference
    assert HEADLINE in client.get(f"/releases/{changed.pk}/versions/1/").text
    assert "잠깐" not in difference
    assert list(Step.objects.values_list("verb", flat=True))[-2:] == ["restore", "correct"]


def test_a_small_fix_made_meanwhile_shows_without_a_word(client, changed):
    response = restored(changed, correction_kind="fix")

    assert response.status_code == 302
    page = client.get(changed.get_absolute_url("ko"))
    assert "고친 제목" in page.text
    assert not read(page).all("section", class_="corrections")


def test_who_changed_nothing_that_a_reader_sees_is_not_asked(client, old):
    workflow.withdraw(old, reason_ko="오류")
    change(old, slug="another-address")

    asked = at_desk(person(EDITOR)).get(step(old, "restore"))
    response = restored(old)

    assert not read(asked).all("fieldset", class_="correcting-kind")
    assert response.status_code == 302
    assert client.get(old.get_absolute_url()).status_code == 200


def test_a_list_restores_none_that_was_changed(changed):
    unchanged = ReleaseFactory()
    workflow.withdraw(unchanged, reason_ko="오류")
    chosen = {"_selected_action": [changed.pk, unchanged.pk], "action": "restore"}
    seen = {f"seen-{unchanged.pk}": unchanged.edited_at.isoformat()}

    response = at_desk(person(EDITOR)).post(
        "/en/admin/releases/release/", chosen | seen | {"confirmed": "yes"}, follow=True
    )

    assert "It was changed while it was withdrawn: restore it by itself." in response.text
    states = dict(Release.objects.values_list("pk", "withdrawn_at"))
    assert states[changed.pk] is not None
    assert states[unchanged.pk] is None
