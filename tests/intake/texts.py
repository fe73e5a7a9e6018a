"""Texts that come in, and the one release of a text that holds one."""

from pathlib import Path

from releases.intake.incoming import IncomingRelease
from releases.intake.pasted import read_pasted

# Every variant of the layout that the old site has been seen to use, in words of our own.
VARIANTS = Path(__file__).with_name("newsroom-variants.txt")

A_RELEASE = """\
(2014/9/9) 사무소, 겨울 물품 전달

Iraq - The office delivered winter kits to two towns.

A second convoy follows in October.

For more information, please contact

Name One
IOM Northtown
Tel. +964 750 0000 001
Email: one@example.org

Posted on Tue, Sep-09-2014

최신보도자료 모음 돌아가기

Views – 234
"""


def read_one(text: str) -> IncomingRelease:
    [release] = read_pasted(text).releases
    assert isinstance(release, IncomingRelease), release
    return release


def contacts_below(block: str, heading: str = "For more information, please contact"):
    """The contacts of a release whose contact block is `block`."""
    text = f"(2014/9/9) 소식\n\nIraq - The office reports.\n\n{heading}\n\n{block}\n\nViews – 1\n"
    return list(read_one(text).contacts)


def messages(release: IncomingRelease) -> list[tuple[int, str]]:
    """The remarks on a release as (line, message)."""
    return [(remark.line, remark.message) for remark in release.remarks]
