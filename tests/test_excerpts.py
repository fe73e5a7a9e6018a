"""What lists say of a release is stored beside its texts, and never says anything else."""

import pytest

from releases.models import Release
from releases.prose import excerpt

from .factories import ReleaseFactory

pytestmark = pytest.mark.django_db


def stored(release: Release) -> tuple[str, str]:
    return Release.objects.values_list("excerpt_ko", "excerpt_en").get(pk=release.pk)


def save(release: Release) -> None:
    release.body_ko = "<p>구호품이 <em>왔다</em>.</p>"
    release.save()


def save_one_column(release: Release) -> None:
    release.body_ko = "<p>구호품이 <em>왔다</em>.</p>"
    release.save(update_fields=["body_ko"])


def update(release: Release) -> None:
    Release.objects.filter(pk=release.pk).update(body_ko="<p>구호품이 <em>왔다</em>.</p>")


@pytest.mark.parametrize("edit", [save, save_one_column, update])
def test_an_edited_text_has_another_excerpt(edit):
    release = ReleaseFactory(body_ko="<p>옛 글</p>", body_en="<p>Old text</p>")
    assert stored(release) == ("옛 글", "Old text")

    edit(release)

    assert stored(release) == ("구호품이 왔다.", "Old text")


def test_releases_that_are_made_at_once_have_their_excerpts():
    releases = [ReleaseFactory.build(body_ko=f"<p>글 {n}</p>", slug=f"r{n}") for n in range(3)]

    Release.objects.bulk_create(releases)

    assert [stored(release)[0] for release in Release.objects.order_by("pk")] == [
        "글 0",
        "글 1",
        "글 2",
    ]


def test_a_summary_stands_before_the_opening_of_the_text():
    release = ReleaseFactory(summary_ko="<p>요약</p>", body_ko="<p>글</p>")
    assert stored(release)[0] == "요약"

    release.summary_ko = ""
    release.save()

    assert stored(release)[0] == "글"


def test_a_text_that_is_not_saved_yet_is_summed_up_as_it_is(django_assert_num_queries):
    release = ReleaseFactory(body_ko="<p>옛 글</p>")
    release.body_ko = "<p>새 글</p>"
    with django_assert_num_queries(0):
        assert (release.summary, release.summary.lang) == ("새 글", "ko")


def test_what_comes_without_its_texts_says_what_was_stored(django_assert_num_queries):
    release = ReleaseFactory(body_ko="<p>글</p>" * 60)
    found = Release.objects.only("excerpt_ko", "excerpt_en").get(pk=release.pk)
    with django_assert_num_queries(0):
        assert found.summary == excerpt("", release.body_ko) == release.summary
