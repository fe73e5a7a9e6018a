"""A release reads alike whether it is pasted or comes in an export."""

import pytest

from releases.intake.pasted import read_pasted
from releases.intake.posts import IncomingPost
from releases.intake.wordpress import read_export
from releases.prose import to_html, to_paragraphs
from tests.intake.texts import A_RELEASE, VARIANTS

from .exports import export, item


def classic(text: str) -> str:
    return text


def in_blocks(text: str) -> str:
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{part.strip().replace(chr(10), '<br>')}</p>\n"
        "<!-- /wp:paragraph -->"
        for part in text.replace("<", "&lt;").split("\n\n")
    )


@pytest.mark.parametrize("text", [A_RELEASE, VARIANTS.read_text()], ids=["usual", "variants"])
@pytest.mark.parametrize("editor", [classic, in_blocks])
def test_a_release_reads_alike_from_either(tmp_path, text, editor):
    lines = text.split("\n")
    pasted = read_pasted(text).releases
    path = export(
        tmp_path,
        *(
            item(
                editor("\n".join(lines[release.line : release.lines.stop - 1])),
                number=number,
                title=lines[release.line - 1],
                local=f"{release.posted_on or release.release_date} 09:00:00",
                gmt="0000-00-00 00:00:00",
            )
            for number, release in enumerate(pasted, 1)
        ),
    )

    posts = [post for post in read_export(path) if isinstance(post, IncomingPost)]

    assert len(posts) == len(pasted)
    for post, release in zip(posts, pasted, strict=True):
        for name in ("title", "release_date", "place", "contact_heading", "contacts", "views"):
            assert getattr(post, name) == getattr(release, name)
        expected = to_paragraphs(to_html(list(release.paragraphs)))
        assert [text.split() for text in to_paragraphs(post.body)] == list(map(str.split, expected))
        assert post.words.lost == ()
