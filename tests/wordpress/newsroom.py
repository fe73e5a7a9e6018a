"""What the fixtures of this folder hold, and what it is when it has been moved in."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from releases.intake.media import media_from
from releases.intake.moved import Moved
from releases.intake.moving import Mover
from releases.intake.posts import IncomingPost
from releases.intake.wordpress import read_export
from releases.models import Release
from tests.factories import MissionFactory

HERE = Path(__file__).parent
EXPORT, POSTS_ALONE = HERE / "newsroom.xml", HERE / "posts-plain.xml"
UPLOADS, DAMAGED = HERE / "uploads", HERE / "damaged"

# Post numbers, by what a post is there for; see php/fill.php.
PUBLIC = {
    3101, 3102, 3103, 3104, 3105, 3106, 3107, 3108, 3109, 3110, 3111, 3112, 3113, 3114, 3240, 3250,
    3260, 3261, 3262, 3271, 3272, 3273, 3274, 3280,
}  # fmt: skip
PAGES = {2760, 2761, 2762}
SCHEDULED, IN_REVIEW, TAKEN_BACK = {3120}, {3121}, {3125}
# Private, with a password, in the bin, a draft: never public here.
DRAFTS = {3122, 3123, 3124, 3230, 3232, 3233, 2763}
# Public there; without a text here they wait for somebody to write one.
WITHOUT_TEXT = {3241, 3242}
HERE_NOW = PUBLIC | PAGES | SCHEDULED | IN_REVIEW | TAKEN_BACK | DRAFTS | WITHOUT_TEXT


def make_missions() -> None:
    for slug, ko, en, aliases in [
        ("iraq", "이라크", "Iraq", ""),
        ("libya", "리비아", "Libya", ""),
        ("mexico", "멕시코", "Mexico", "México"),
        ("colombia", "콜롬비아", "Colombia", ""),
        ("central-african-republic", "중앙아프리카공화국", "Central African Republic", ""),
        ("korea", "대한민국", "South Korea", "한국"),
    ]:
        MissionFactory(slug=slug, name_ko=ko, name_en=en, aliases=aliases)


def move_in(export: Path = EXPORT, with_pages: bool = True, **options) -> list[Moved]:
    mover = Mover(media_from(str(UPLOADS)), **options)
    return list(mover.move_all(read_export(export, with_pages=with_pages)))


def posts() -> dict[int, IncomingPost]:
    return {
        post.number: post
        for post in read_export(EXPORT, with_pages=True)
        if isinstance(post, IncomingPost)
    }


def release_of(number: int) -> Release:
    return Release.objects.get(source_key__endswith=f":{number}")


class Answer(NamedTuple):
    """What the old WordPress answered at `address`, as it was sent: a path and a query."""

    address: str
    status: int
    leads_to: str  # "" where it answered by itself

    @property
    def final(self) -> str:
        """Where a reader ended: a decoded path with its query."""
        if not self.leads_to:
            return unquote(self.address)
        parts = urlsplit(self.leads_to)
        return unquote(parts.path + (f"?{parts.query}" if parts.query else ""))


def answers(form: str) -> Iterator[Answer]:
    """What WordPress answered with `form` addresses, "pretty" or "plain"."""
    for line in (HERE / f"addresses-{form}.txt").read_text().splitlines():
        address, status, leads_to = line.split("\t")
        yield Answer(address, int(status), leads_to)
