"""Pictures of a release: what is let in, what is made of it, and who may see it."""

import io
import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageCms

from releases import pictures, storing, versions
from releases.models import Attachment, Picture, Release, State, Upload

from .desk.roles import person, signed_in
from .factories import NOT_PUBLIC, ReleaseFactory
from .reading import queries_of, read, usually
from .test_desk import complained, form_of, staff
from .uploads import GPS, bomb, file_of, image, picture_of, sent, with_position

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def editor(admin_client):
    return admin_client


def change(release):
    return f"/en/admin/releases/release/{release.pk}/change/"


ADD = "/en/admin/releases/release/add/"


def post(client, address, **entries):
    """Open the form, write `entries` over what stands there ("__" is "-"), and save it."""
    page = read(client.get(address))
    return post_again(client, address, page, **entries)


def post_again(client, address, page, **entries):
    form = {name: value for name, value in usually(form_of(page).entries).items() if name}
    form = {n: v for n, v in form.items() if not n.endswith("-upload") and "__prefix__" not in n}
    form |= {name.replace("__", "-"): value for name, value in entries.items()}
    for group in ("pictures", "files"):
        rows = [int(m[1]) + 1 for n in form if (m := re.match(rf"{group}-(\d+)-", n))]
        form[f"{group}-TOTAL_FORMS"] = max([int(form[f"{group}-TOTAL_FORMS"]), *rows])
    return client.post(address, form, follow=True)


def opened(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        picture = Image.open(io.BytesIO(file.read()))
        picture.load()
        return picture


def files_below(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# What is made of a picture


def test_a_picture_sent_with_the_form_stands_in_the_release(editor):
    release = ReleaseFactory()

    post(
        editor,
        change(release),
        pictures__0__upload=sent("a.jpg", image((1800, 1200))),
        pictures__0__alt_ko="구호품 상자",
        pictures__0__caption_en="Boxes in Erbil",
        pictures__0__credit="© IOM",
    )

    picture = release.pictures.get()
    assert (picture.width, picture.height, picture.widths) == (1800, 1200, [480, 960, 1600])
    assert (picture.alt_ko, picture.caption_en, picture.credit) == (
        "구호품 상자",
        "Boxes in Erbil",
        "© IOM",
    )
    for width, height in ((480, 320), (960, 640), (1600, 1067)):
        for kind in ("avif", "webp"):
            copy = opened(f"{picture.folder}/{width}.{kind}")
            assert (copy.format, copy.size) == (kind.upper(), (width, height))
    assert (opened(picture.card).format, opened(picture.card).size) == ("JPEG", (1200, 630))
    assert re.fullmatch(r"pictures/[0-9a-f]{32}/original\.jpg", picture.image.name)
    assert not Upload.objects.exists()


def test_a_small_picture_is_not_blown_up():
    picture = picture_of(ReleaseFactory(), image((700, 400)))

    assert picture.widths == [480, 700]


def test_no_file_that_is_kept_knows_where_the_picture_was_made(media):
    content = with_position()
    assert dict(Image.open(io.BytesIO(content)).getexif().get_ifd(GPS))

    picture_of(ReleaseFactory(), content)

    kept = files_below(media)
    assert len(kept) == 6  # original, card, and two widths in two formats
    for name in kept:
        assert not dict(opened(name).getexif()), name
        for secret in (b"Secret", b"Exif", b"GPS", b"http://ns.adobe.com"):
            assert secret not in (media / name).read_bytes(), name


def test_what_is_hidden_behind_a_picture_does_not_come_along(media):
    picture_of(ReleaseFactory(), image() + b"<script>alert(1)</script>")

    assert not any(b"<script" in (media / name).read_bytes() for name in files_below(media))


def test_a_picture_stands_upright():
    picture = picture_of(ReleaseFactory(), with_position((900, 600), orientation=6))

    assert (picture.width, picture.height) == (600, 900)
    original = opened(picture.image.name)
    assert original.size == (600, 900)
    # The left half was red; turned clockwise it is the upper one.
    assert original.getpixel((300, 100))[0] > 200
    assert original.getpixel((300, 800))[2] > 200


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_every_format_that_is_promised_is_taken(kind):
    picture = picture_of(ReleaseFactory(), image((600, 400), kind))

    assert picture.ending == ("png" if kind == "PNG" else "jpg")


def test_a_picture_with_holes_keeps_them_where_it_can():
    holes = image((600, 400), "PNG", (255, 0, 0, 0), "RGBA")

    picture = picture_of(ReleaseFactory(), holes)

    assert opened(picture.image.name).mode == "RGBA"
    assert opened(picture.card).getpixel((600, 300)) == pytest.approx((255, 255, 255), abs=3)


@pytest.mark.parametrize(
    ("mode", "kind", "colour"),
    [("CMYK", "JPEG", (0, 0, 0, 0)), ("L", "PNG", 255), ("P", "PNG", 0), ("I;16", "PNG", 65535)],
)
def test_pictures_of_other_modes_are_taken(mode, kind, colour):
    picture = picture_of(ReleaseFactory(), image((500, 300), kind, colour, mode))

    light = opened(picture.image.name).convert("RGB").getpixel((250, 150))
    assert light == pytest.approx((0, 0, 0) if mode == "P" else (255, 255, 255), abs=4)


def test_a_colour_profile_is_heeded_and_not_passed_on():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    picture = picture_of(ReleaseFactory(), image((500, 300), icc_profile=profile))

    original = opened(picture.image.name)
    assert "icc_profile" not in original.info
    assert original.getpixel((250, 150)) == pytest.approx((180, 60, 20), abs=4)


# What is refused

HOSTILE = {
    "a bomb": ("b.png", bomb, "too many pixels"),
    "large": ("b.png", lambda: bomb(8000, 8000), "8000 × 8000 pixels"),
    "long": ("b.png", lambda: bomb(17_000, 8), "17000 × 8 pixels"),
    "html": ("b.jpg", lambda: b"<!DOCTYPE html><html><script>1</script>", "web page"),
    "svg": ("b.svg", lambda: b'<svg xmlns="x"><script>alert(1)</script></svg>', "SVG"),
    "svg as png": ("b.png", lambda: b'<?xml version="1.0"?><svg onload="x"/>', "SVG"),
    "truncated": ("b.jpg", lambda: with_position()[:2000], "broken or incomplete"),
    "truncated png": ("b.png", lambda: image(kind="PNG")[:-200], "broken or incomplete"),
    "gif": ("b.gif", lambda: image((9, 9), "GIF"), "no picture that we can take"),
    "tiff": ("b.jpg", lambda: image((9, 9), "TIFF"), "no picture that we can take"),
    "eps": ("b.jpg", lambda: image((9, 9), "EPS"), "no picture that we can take"),
    "empty": ("b.jpg", lambda: b"", "no picture that we can take"),
    "pdf": ("b.jpg", lambda: b"%PDF-1.7 %%EOF", "no picture that we can take"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_bad_picture_is_refused_at_its_row_and_all_else_is_kept(editor, media, what):
    name, content, why = HOSTILE[what]
    release = ReleaseFactory()

    response = post(
        editor,
        change(release),
        title_ko="고친 제목",
        pictures__0__upload=sent(name, content(), "image/jpeg"),
        pictures__0__alt_ko="설명은 남는다",
        pictures__1__upload=sent("good.jpg", image((600, 400))),
        pictures__1__alt_en="A good one",
    )

    page = read(response)
    said = page.one("div", id="pictures-0").one("ul", class_="errorlist").words
    assert name in said
    assert why in said
    entries = form_of(page).entries
    assert entries["title_ko"] == "고친 제목"
    assert entries["pictures-0-alt_ko"] == "설명은 남는다"
    assert entries["pictures-1-alt_en"] == "A good one"
    assert not release.pictures.exists()
    # Nothing is left of the bad one; the good one waits.
    assert [upload.name for upload in Upload.objects.all()] == ["good.jpg"]
    assert len(files_below(media)) == 5

    post_again(editor, change(release), page, **{"pictures-0-DELETE": "on"})

    release.refresh_from_db()
    assert release.title_ko == "고친 제목"
    assert [p.alt_en for p in release.pictures.all()] == ["A good one"]


def test_the_refusal_is_korean_at_the_korean_desk(editor):
    release = ReleaseFactory()

    response = post(
        editor,
        change(release).removeprefix("/en"),
        pictures__0__upload=sent("사진.jpg", b"<html>"),
        pictures__0__alt_ko="설명",
    )

    assert any("사진.jpg" in told and "웹 페이지" in told for told in complained(response))


def test_a_bomb_is_refused_before_a_pixel_is_unpacked(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))

    with pytest.raises(ValidationError):
        pictures.prepare(ContentFile(bomb(9000, 9000)), "b.png")


def test_more_bytes_than_allowed_are_not_even_looked_at():
    heavy = SimpleNamespace(size=pictures.MOST_BYTES + 1)

    with pytest.raises(ValidationError, match="heavy.jpg"):
        pictures.prepare(heavy, "heavy.jpg")


def test_a_moving_picture_is_refused():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=100)

    with pytest.raises(ValidationError):
        pictures.prepare(ContentFile(out.getvalue()), "b.webp")


def test_a_picture_must_be_described_unless_it_only_decorates(editor):
    release = ReleaseFactory()
    picture = {"pictures__0__upload": sent("a.jpg", image((600, 400)))}

    refused = post(editor, change(release), **picture)
    assert any(told.startswith("Describe the picture") for told in complained(refused))
    post_again(editor, change(release), read(refused), pictures__0__is_decorative="on")

    assert release.pictures.get().is_decorative


@pytest.mark.parametrize(
    "wrong", [{"alt_ko": "", "alt_en": ""}, {"alt_ko": " \u3000 "}, {"crop_x": 1.5}, {"crop_y": -1}]
)
def test_the_database_refuses_what_the_form_refuses(wrong):
    release = ReleaseFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        picture_of(release, image((60, 40)), **wrong)


def test_a_row_without_a_picture_says_so(editor):
    response = post(editor, change(ReleaseFactory()), pictures__0__alt_ko="설명")

    assert "Choose a picture, or remove the row." in complained(response)


# A form that is refused for another reason


def test_a_picture_survives_a_form_that_is_refused_for_another_reason(editor, media):
    refused = post(
        editor,
        ADD,
        title_ko="",
        release_date="2014-09-09",
        pictures__0__upload=sent("산.jpg", image((600, 400))),
        pictures__0__alt_ko="산",
    )
    page = read(refused)
    assert "“산.jpg” has been received." in page.words
    preview = page.one("div", id="pictures-0").one("img")["src"]
    shown = editor.get(preview)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert "no-store" in shown["Cache-Control"]

    post_again(editor, ADD, page, title_ko="제목")

    release = Release.objects.get()
    assert [p.alt_ko for p in release.pictures.all()] == ["산"]
    assert not Upload.objects.exists()
    assert len(files_below(media)) == 6


def test_a_kept_picture_is_of_use_to_its_sender_and_its_form_alone(editor, django_user_model):
    release, other = ReleaseFactory(), ReleaseFactory()
    refused = post(
        editor,
        change(release),
        title_ko="",
        release_date="",
        pictures__0__upload=sent("a.jpg", image((600, 400))),
        pictures__0__alt_ko="산",
    )
    key = form_of(read(refused)).entries["pictures-0-kept"]
    stranger = staff(django_user_model, "change_release", "view_release", "see_every_release",
                     "edit_any_release")  # fmt: skip
    stolen = {"pictures__0__kept": key, "pictures__0__alt_ko": "훔친 것"}

    for client, address in ((stranger, change(release)), (editor, change(other))):
        response = post(client, address, **stolen)
        assert "It is not kept any more: choose the file again." in complained(response)
    assert stranger.get(f"/en/admin/releases/release/uploads/{key}/").status_code == 404
    assert not Picture.objects.exists()


def test_a_kept_file_cannot_become_a_picture(editor):
    release = ReleaseFactory()
    refused = post(
        editor, change(release), title_ko="", release_date="",
        files__0__upload=sent("a.pdf", b"%PDF-1.7 %%EOF"),
    )  # fmt: skip
    key = form_of(read(refused)).entries["files-0-kept"]

    post(editor, change(release), pictures__0__kept=key, pictures__0__alt_ko="x")

    assert not Picture.objects.exists()


def test_what_was_never_saved_is_forgotten_after_a_day(editor, media):
    release = ReleaseFactory()
    picked = sent("a.jpg", image((600, 400)))
    post(editor, change(release), release_date="", pictures__0__upload=picked)
    assert len(files_below(media)) == 5

    Upload.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    storing.forget_uploads()

    assert (files_below(media), Upload.objects.count()) == ([], 0)


def test_who_may_not_change_the_release_sends_nothing(django_user_model, media):
    release = ReleaseFactory()
    onlooker = staff(django_user_model, "view_release", "see_every_release")

    onlooker.post(change(release), {"pictures-0-upload": sent("a.jpg", image((600, 400)))})

    assert files_below(media) == []
    assert read(onlooker.get(change(release))).all("input", type="file") == []


def test_a_save_that_fails_leaves_no_card_behind(editor, media, monkeypatch):
    release = ReleaseFactory()
    monkeypatch.setattr(versions, "keep", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        post(
            editor,
            change(release),
            pictures__0__upload=sent("a.jpg", image((600, 400))),
            pictures__0__alt_ko="산",
        )

    assert not [name for name in files_below(media) if "card" in name]


# Order and the crop point


def test_pictures_stand_in_the_order_of_their_places(editor):
    release = ReleaseFactory()
    for place, alt in enumerate(["하나", "둘", "셋"]):
        picture_of(release, image((60, 40)), position=place, alt_ko=alt)

    post(editor, change(release), pictures__0__place="3", pictures__2__place="1")

    assert list(release.pictures.values_list("position", "alt_ko")) == [
        (0, "셋"),
        (1, "둘"),
        (2, "하나"),
    ]


def test_a_new_crop_point_cuts_the_card_anew_and_nothing_else(editor, media):
    release = ReleaseFactory()
    wide = Image.new("RGB", (2000, 500), "blue")
    wide.paste("red", (0, 0, 600, 500))
    out = io.BytesIO()
    wide.save(out, "PNG")
    picture = picture_of(release, out.getvalue())
    before = files_below(media)
    assert opened(picture.card).getpixel((600, 300))[2] > 200

    post(editor, change(release), pictures__0__crop_x="0")

    recut = release.pictures.get()
    assert recut.card != picture.card
    assert opened(recut.card).getpixel((600, 300))[0] > 200
    assert set(files_below(media)) == {*before, recut.card}

    post(editor, change(release), pictures__0__caption_ko="설명")

    assert release.pictures.get().card == recut.card


@pytest.mark.parametrize(
    ("size", "centre", "box"),
    [
        ((2400, 630), (0.5, 0.5), (600, 0, 1800, 630)),
        ((2400, 630), (0, 0), (0, 0, 1200, 630)),
        ((2400, 630), (1, 1), (1200, 0, 2400, 630)),
        ((1200, 1260), (0.5, 1), (0, 630, 1200, 1260)),
        ((1, 1), (0.5, 0.5), (0, 0, 1, 1)),
        ((16000, 2), (0.9, 0.1), (14398, 0, 14402, 2)),
    ],
)
def test_a_card_is_cut_as_near_to_the_crop_point_as_can_be(size, centre, box):
    assert pictures.cut(size, (1200, 630), centre) == box


# Who may see it


def addresses(picture) -> list[str]:
    return [
        *(address for kind in ("avif", "webp") for address, _width in picture.copies(kind)),
        picture.card_url,
        picture.original_url,
    ]


def test_the_public_sees_each_copy_of_a_public_picture(client):
    picture = picture_of(ReleaseFactory(slug="구호"))

    for address in addresses(picture):
        response = client.get(address, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200, address
        ending = address.rpartition(".")[2]
        assert response["Content-Type"] == f"image/{'jpeg' if ending == 'jpg' else ending}"
        assert response["Cache-Control"] == "no-cache"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in response
        assert "Set-Cookie" not in response
        assert picture.folder.partition("/")[2] not in str(response.headers)
        assert Image.open(io.BytesIO(response.getvalue())).width
        again = client.get(address, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    saved = client.get(picture.original_url)["Content-Disposition"]
    assert saved == "attachment; filename*=utf-8''%EA%B5%AC%ED%98%B8-1.jpg"


# Who sees what is not public at the desk, and so with its pictures in a preview.
PREVIEWERS = {
    "author": True,
    "editor": True,
    "analyst": True,
    "superuser": True,
    "other author": False,
    "contact keeper": False,
    "staff": False,
    "stranger": False,
}


@pytest.mark.parametrize("state", NOT_PUBLIC)
@pytest.mark.parametrize(("who", "sees"), PREVIEWERS.items())
def test_what_is_not_public_shows_pictures_and_files_to_those_alone_who_preview_it(
    client, state, who, sees
):
    user = person(who)
    release = ReleaseFactory(author=user if who == "author" else person("author"))
    picture, file = picture_of(release, image((500, 300))), file_of(release)
    etags = {a: client.get(a)["ETag"] for a in [*addresses(picture), file.url]}
    for name, value in NOT_PUBLIC[state].items():
        setattr(release, name, value)
    release.save()
    browser = signed_in(user)

    for address, etag in etags.items():
        asked = browser.get(address)
        again = browser.get(address, headers={"if-none-match": etag})
        if sees:
            assert (asked.status_code, again.status_code) == (200, 304), address
            for response in (asked, again):
                assert response["Cache-Control"] == "private, no-store"
                assert response["X-Robots-Tag"] == "noindex"
        else:
            refused = 410 if state == State.WITHDRAWN else 404
            assert (asked.status_code, again.status_code) == (refused, refused), address
            absent = browser.get(address.replace(f"/{release.pk}/", "/99/", 1))
            assert asked.headers == absent.headers or state == State.WITHDRAWN


def test_no_picture_or_file_of_a_preview_is_broken():
    release = ReleaseFactory(**NOT_PUBLIC[State.DRAFT])
    picture_of(release, image((500, 300)))
    picture_of(release, image((500, 300)), position=1)
    file = file_of(release)
    editor = signed_in(person("editor"))

    for page in (
        release.get_absolute_url(),
        f"/admin/releases/release/{release.pk}/preview/page/",
    ):
        shown = read(editor.get(page))
        found = {img["src"] for img in shown.all("img") if "/pictures/" in img["src"]}
        found |= {a["href"] for a in shown.all("a") if a["href"].startswith(file.url)}
        assert len(found) == 3
        assert {editor.get(address).status_code for address in found} == {200}


def test_a_preview_asks_once_for_pictures_and_once_for_files():
    release = ReleaseFactory(**NOT_PUBLIC[State.DRAFT])
    picture_of(release, image((500, 300)))
    file_of(release)

    asked = queries_of(signed_in(person("editor")), release.get_absolute_url())

    for table in (Picture, Attachment):
        assert (
            len([sql for sql in asked if sql.startswith(f'SELECT "{table._meta.db_table}"')]) == 1
        )


@pytest.mark.parametrize("state", [State.PUBLIC, *NOT_PUBLIC])
def test_the_desk_sees_pictures_and_files_in_every_state(client, django_user_model, state):
    release = ReleaseFactory(**NOT_PUBLIC.get(state, {}))
    picture, file = picture_of(release, image((500, 300))), file_of(release)
    desk = f"/en/admin/releases/release/{release.pk}"
    at_the_desk = [
        f"{desk}/pictures/{picture.pk}/480.webp",
        f"{desk}/pictures/{picture.pk}/original.jpg",
        f"{desk}/files/{file.pk}/",
    ]
    onlooker = staff(django_user_model, "view_release", "see_every_release")

    for address in at_the_desk:
        response = onlooker.get(address)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert client.get(address).status_code == 302  # to the log-in


def test_an_author_sees_no_picture_of_the_draft_of_another(django_user_model):
    release = ReleaseFactory(**NOT_PUBLIC[State.DRAFT])
    picture = picture_of(release, image((500, 300)))
    author = staff(django_user_model, "view_release", "add_release", "change_release")

    address = f"/en/admin/releases/release/{release.pk}/pictures/{picture.pk}/480.webp"

    assert author.get(address).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    ["481.webp", "480.jpg", "480.png", "1200.webp", "0.webp", "original.png", "original.webp",
     "99999999999999999999.webp", "480.webp/", "..%2f480.webp"],
)  # fmt: skip
def test_there_is_nothing_beside_the_copies(client, wrong):
    picture = picture_of(ReleaseFactory(), image((500, 300)))

    response = client.get(f"/releases/{picture.release_id}/pictures/{picture.pk}/{wrong}")

    assert response.status_code == 404


def test_a_picture_is_not_found_below_another_release(client):
    picture, other = picture_of(ReleaseFactory(), image((500, 300))), ReleaseFactory()

    address = picture.card_url.replace(f"/{picture.release_id}/", f"/{other.pk}/")

    assert client.get(address).status_code == 404


def test_media_are_no_static_files(client, media):
    picture = picture_of(ReleaseFactory(), image((500, 300)))

    for base in ("/", "/media/", "/static/"):
        assert client.get(base + picture.image.name).status_code == 404


# The page


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_the_first_picture_above_the_text_and_the_others_below(client, language):
    release = ReleaseFactory()
    picture_of(release, alt_ko="산", alt_en="A hill", caption_en="At dusk", credit="© IOM")
    picture_of(release, image((500, 300)), position=1, alt_ko="", is_decorative=True)

    page = read(client.get(release.get_absolute_url(language=language)))

    article = page.one("article")
    shown = [el for el in article.all() if el.tag == "figure" or "body" in el["class"].split()]
    assert [el.tag for el in shown] == ["figure", "div", "figure"]
    first, second = article.all("figure")
    img = first.one("img")
    assert (img["width"], img["height"]) == ("1800", "1200")
    assert (img["alt"], img.lang) == (("산", "ko") if language == "ko" else ("A hill", "en"))
    assert "loading" not in img.attributes
    assert [s["type"] for s in first.all("source")] == ["image/avif", "image/webp"]
    assert all(s["sizes"] and "480w" in s["srcset"] for s in first.all("source"))
    caption = first.one("figcaption")
    assert caption.one("span", lang="en").words == "At dusk"
    assert caption.one("span", class_="credit").words == "© IOM"
    words = "원본 내려받기" if language == "ko" else "Download the original"
    assert caption.one("a").words == words
    assert second.one("img")["alt"] == ""
    assert second.one("img")["loading"] == "lazy"
    for source in first.all("source"):
        for part in source["srcset"].split(", "):
            assert client.get(part.split()[0]).status_code == 200


def test_the_first_picture_stands_for_the_release_elsewhere(client):
    release = ReleaseFactory(body_ko="<p>글</p>")
    picture = picture_of(release, image((500, 300)), alt_ko='따옴표 " <b>')
    card = f"http://testserver{picture.card_url}"

    page = read(client.get(release.get_absolute_url(language="ko")))
    given = client.get(f"/api/releases/{release.pk}/").json()

    assert page.one("meta", property="og:image")["content"] == card
    assert page.one("meta", property="og:image:alt")["content"] == '따옴표 " <b>'
    assert json.loads(page.one("script", type="application/ld+json").words)["image"] == card
    assert given["pictures"][0]["alt"] == {"ko": '따옴표 " <b>', "en": None}
    assert [copy["width"] for copy in given["pictures"][0]["copies"]] == [480, 500] * 2
    assert client.get(given["pictures"][0]["url"]).status_code == 200
    for address in ("/feed/", "/feed/atom/", "/feed/json/"):
        assert card in client.get(address).content.decode(), address


def test_the_page_costs_the_same_however_many_pictures_and_files_it_has(client):
    few, many = ReleaseFactory(), ReleaseFactory()
    for release, number in ((few, 1), (many, 4)):
        for place in range(number):
            picture_of(release, image((60, 40)), position=place)
            file_of(release, position=place)

    client.get(few.get_absolute_url())  # the newest of their mission are known from then on
    costs = [len(queries_of(client, r.get_absolute_url(language="ko"))) for r in (few, many)]

    assert costs[0] == costs[1] == 3  # the release with its neighbours, its pictures, its files


# Versions


def test_an_old_version_brings_a_picture_back(editor, client, media):
    release = ReleaseFactory()
    post(
        editor,
        change(release),
        pictures__0__upload=sent("a.jpg", image((600, 400))),
        pictures__0__alt_ko="산",
        files__0__upload=sent("a.pdf", b"%PDF-1.7 %%EOF"),
    )
    picture, file = release.pictures.get(), release.files.get()
    with_them = release.versions.first()

    post(editor, change(release), **{"pictures-0-DELETE": "on", "files-0-DELETE": "on"})
    assert not release.pictures.exists()
    assert client.get(picture.card_url).status_code == 404
    assert release.versions.first().content["pictures"] == []

    versions.restore(with_them)

    back = release.pictures.get()
    assert (back.pk, back.alt_ko, back.image.name) == (picture.pk, "산", picture.image.name)
    for address in [*addresses(back), file.url]:
        assert client.get(address).status_code == 200
    assert versions.content_of(Release.objects.get()) == with_them.content


def test_a_deleted_release_comes_back_with_its_pictures():
    release = ReleaseFactory(**NOT_PUBLIC[State.DRAFT])
    picture = picture_of(release, image((500, 300)))
    content = versions.keep(release).content
    pk = release.pk
    release.delete()

    again = ReleaseFactory(pk=pk)
    storing.put_back_pictures(again, content["pictures"])

    assert opened(again.pictures.get().card).size == (1200, 630)
    assert again.pictures.get().pk == picture.pk


def test_files_that_nothing_names_are_deleted_and_all_others_stay(media, monkeypatch):
    release = ReleaseFactory()
    kept = picture_of(release, image((500, 300)))
    in_a_version = picture_of(release, image((500, 300)), position=1)
    versions.keep(release)
    in_a_version.delete()
    lost = picture_of(release, image((500, 300)), position=2)
    lost.delete()

    call_command("forget_files")  # all of it is of today
    assert lost.image.name in files_below(media)
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(storing.timezone, "now", lambda: later)
    call_command("forget_files")

    left = files_below(media)
    assert kept.image.name in left
    assert in_a_version.image.name in left
    assert not [name for name in left if name.startswith(lost.folder)]


def test_refusing_a_release_without_an_address_is_no_fault_of_ours(editor):
    response = post(editor, change(ReleaseFactory()), slug="", release_date="")

    assert response.status_code == 200
    assert complained(response)


def test_roles_that_write_may_add_pictures(django_user_model):
    from django.contrib.auth.models import Group

    from releases import roles

    roles.keep_in_step()
    user = django_user_model.objects.create_user("author", is_staff=True)
    user.groups.add(Group.objects.get(name="작성자 (author)"))
    assert not Permission.objects.filter(group__user=user, codename="add_picture").exists()
    client = Client()
    client.force_login(user)
    release = ReleaseFactory(author=user, **NOT_PUBLIC[State.DRAFT])

    post(
        client,
        change(release),
        pictures__0__upload=sent("a.jpg", image((600, 400))),
        pictures__0__alt_ko="산",
    )

    assert release.pictures.count() == 1
