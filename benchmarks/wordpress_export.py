"""`python -m benchmarks.wordpress_export [POSTS]`: the reading of a large export, measured.

Writes an export of POSTS posts (20,000 unless said), as varied as those of a newsroom, and one as
large as 500 MB; reads each in a process of its own, as the importer does, and prints posts per
second and the most memory that the process ever held. `--write FILE` only writes the first.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

POSTS = 20_000
LARGE = 500 * 10**6  # bytes
MOST_MEMORY = 200  # MB
SITE = "http://old.example.org"
UPLOADS = f"{SITE}/wp-content/uploads"

PLACES = {
    "Iraq": "이라크", "Libya": "리비아", "Nepal": "네팔", "Haiti": "아이티",
    "South Sudan": "남수단", "Viet Nam": "베트남", "Ukraine": "우크라이나", "Yemen": "예멘",
    "Chad": "차드", "Peru": "페루",
}  # fmt: skip
KOREAN = [
    "이주민", "지원", "사무소", "겨울", "물품", "전달", "마을", "가족", "학교", "교육", "협력",
    "정부", "회의", "보고서", "조사", "귀환", "보호", "긴급", "구호", "식수", "위생", "훈련",
    "직업", "여성", "아동", "국경", "통계", "정책", "연구", "발표", "시작", "확대", "함께",
]  # fmt: skip
ENGLISH = [
    "migrants", "office", "winter", "kits", "deliver", "town", "family", "school", "training",
    "support", "government", "meeting", "report", "survey", "return", "protect", "relief",
    "water", "health", "skill", "women", "children", "border", "data", "policy", "study",
    "launch", "extend", "together", "north", "camp", "shelter", "road", "market", "season",
    "plan",
]  # fmt: skip
STATUSES = ["publish"] * 94 + ["draft", "draft", "private", "pending", "future", "trash"]
ZONE = timedelta(hours=9)
FIRST_DAY = datetime(2009, 1, 5, 9)

HEAD = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
\t<title>A newsroom of before</title>
\t<link>{SITE}</link>
\t<wp:wxr_version>1.2</wp:wxr_version>
\t<wp:base_site_url>{SITE}</wp:base_site_url>
\t<wp:base_blog_url>{SITE}</wp:base_blog_url>
\t<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[desk]]></wp:author_login>\
<wp:author_display_name><![CDATA[Press desk]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel>\n</rss>\n"


def parts(posts: int, seed: int = 1) -> Iterator[str]:
    """The text of an export with so many posts, piece by piece; the same for the same seed."""
    chance = random.Random(seed)
    yield HEAD
    for number, (english, korean) in enumerate(PLACES.items(), 1):
        slug = quote(english.lower().replace(" ", "-"))
        yield (
            f"\t<wp:category><wp:term_id>{number}</wp:term_id>"
            f"<wp:category_nicename>{slug}</wp:category_nicename><wp:category_parent/>"
            f"<wp:cat_name><![CDATA[{korean}]]></wp:cat_name></wp:category>\n"
        )
    number = 1
    for index in range(posts):
        yield from _post(chance, number, FIRST_DAY + timedelta(hours=7 * index))
        number += 4
    yield TAIL


def write_export(path: Path, posts: int) -> None:
    """Write an export with so many posts to `path`."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(parts(posts))


def _post(chance: random.Random, number: int, local: datetime) -> Iterator[str]:
    place = chance.choice(list(PLACES))
    is_korean = chance.random() < 0.3
    words = KOREAN if is_korean else ENGLISH
    title = _words(chance, KOREAN, 6)
    if chance.random() < 0.7:
        title = f"({local.year}/{local.month}/{local.day}) {title}"
    slug = quote("-".join(title.split()[-4:]))
    folder = f"{UPLOADS}/{local:%Y/%m}"
    pictures = [f"{folder}/picture-{number}-{n}.jpg" for n in range(chance.randrange(3))]
    text = _text(chance, PLACES[place] if is_korean else place, words, number, pictures, local)
    status = chance.choice(STATUSES)
    gmt = "0000-00-00 00:00:00" if status in {"draft", "pending"} else local - ZONE
    meta = {"views": str(chance.randrange(5000)), "_edit_last": "1"}
    if pictures:
        meta["_thumbnail_id"] = str(number + 1)
    if status == "trash":
        meta["_wp_trash_meta_status"] = "publish"
    yield _item(
        number,
        title,
        f"{SITE}/{local:%Y/%m/%d}/{slug}/",
        text,
        local,
        gmt,
        slug,
        status,
        "post",
        f'\t\t<category domain="category" nicename="{quote(place.lower().replace(" ", "-"))}">'
        f"<![CDATA[{PLACES[place]}]]></category>\n",
        meta,
    )
    for offset, address in enumerate(pictures, 1):
        name = f"picture-{number}-{offset}"
        yield _item(
            number + offset,
            name,
            f"{SITE}/?attachment_id={number + offset}",
            "",
            local,
            gmt,
            name,
            "inherit",
            "attachment",
            f"\t\t<wp:attachment_url>{address}</wp:attachment_url>\n",
            {"_wp_attachment_image_alt": _words(chance, ENGLISH, 5)},
            parent=number,
        )


def _text(chance, place: str, words: list[str], number: int, pictures: list[str], local) -> str:
    paragraphs = [
        " ".join(_sentence(chance, words) for _ in range(chance.randrange(2, 6)))
        for _ in range(chance.randrange(3, 9))
    ]
    paragraphs[0] = f"{place} - {paragraphs[0]}"
    if chance.random() < 0.5:
        paragraphs[1] = paragraphs[1].replace(".", f'. See <a href="{SITE}/?p=1">this</a>.', 1)
    for offset, address in enumerate(pictures, 1):
        small = address.replace(".jpg", "-300x200.jpg")
        paragraphs.insert(
            1 + offset % len(paragraphs),
            f'[caption id="attachment_{number + offset}" align="alignright" width="300"]'
            f'<a href="{address}"><img class="wp-image-{number + offset}" src="{small}" alt="" />'
            f"</a> {_sentence(chance, words)}[/caption]",
        )
    if chance.random() < 0.1:
        paragraphs.append("https://www.youtube.com/watch?v=abcdefghijk")
    if chance.random() < 0.1:
        paragraphs.append(f'<a href="{UPLOADS}/{local:%Y/%m}/report-{number}.pdf">Report</a>')
    if chance.random() < 0.05:
        paragraphs.append('[contact-form-7 id="31" title="Form"]')
    if chance.random() < 0.2:
        rows = "".join(f"\n<li>{_words(chance, words, 5)}</li>" for _ in range(4))
        paragraphs.append(f"<ul>{rows}\n</ul>")
    if chance.random() < 0.7:
        paragraphs += [
            "<strong>For more information, please contact</strong>",
            f"Name One\nIOM {place}\nTel. +82 2 555 {number % 10_000:04}\n"
            'Email: <a href="mailto:one@example.org">one@example.org</a>',
            f"Posted on {local:%a, %b-%d-%Y}",
            f"Views – {chance.randrange(900)}",
        ]
    if chance.random() < 0.3:
        return "\n\n".join(
            paragraph
            if paragraph.startswith(("<ul", "["))
            else f"<!-- wp:paragraph -->\n<p>{paragraph.replace(chr(10), '<br>')}</p>\n"
            "<!-- /wp:paragraph -->"
            for paragraph in paragraphs
        )
    return "\n\n".join(paragraphs)


def _words(chance: random.Random, words: list[str], count: int) -> str:
    return " ".join(chance.choice(words) for _ in range(count))


def _sentence(chance: random.Random, words: list[str]) -> str:
    sentence = _words(chance, words, chance.randrange(6, 18))
    return f"{sentence[0].upper()}{sentence[1:]}."


def _item(number, title, link, text, local, gmt, slug, status, kind, more, meta, parent=0) -> str:
    rows = "".join(
        f"\t\t<wp:postmeta>\n\t\t\t<wp:meta_key>{key}</wp:meta_key>\n"
        f"\t\t\t<wp:meta_value><![CDATA[{value}]]></wp:meta_value>\n\t\t</wp:postmeta>\n"
        for key, value in meta.items()
    )
    return (
        f"\t<item>\n\t\t<title>{title}</title>\n\t\t<link>{link}</link>\n"
        f"\t\t<pubDate>{local - ZONE:%a, %d %b %Y %H:%M:%S} +0000</pubDate>\n"
        "\t\t<dc:creator><![CDATA[desk]]></dc:creator>\n"
        f'\t\t<guid isPermaLink="false">{SITE}/?p={number}</guid>\n'
        "\t\t<description></description>\n"
        f"\t\t<content:encoded><![CDATA[{text}]]></content:encoded>\n"
        "\t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n"
        f"\t\t<wp:post_id>{number}</wp:post_id>\n"
        f"\t\t<wp:post_date>{local}</wp:post_date>\n"
        f"\t\t<wp:post_date_gmt>{gmt}</wp:post_date_gmt>\n"
        f"\t\t<wp:post_name>{slug}</wp:post_name>\n\t\t<wp:status>{status}</wp:status>\n"
        f"\t\t<wp:post_parent>{parent}</wp:post_parent>\n\t\t<wp:menu_order>0</wp:menu_order>\n"
        f"\t\t<wp:post_type>{kind}</wp:post_type>\n\t\t<wp:post_password></wp:post_password>\n"
        f"\t\t<wp:is_sticky>0</wp:is_sticky>\n{more}{rows}\t</item>\n"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("posts", nargs="?", type=int, default=POSTS)
    arguments.add_argument("--write", type=Path, metavar="FILE")
    arguments.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--only-posts", action="store_true", help="not the 500 MB")
    options = arguments.parse_args()
    if options.write:
        write_export(options.write, options.posts)
        return
    if options.read:
        _measure(options.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        write_export(path, options.posts)
        _in_own_process(path)
        if options.only_posts:
            return
        # As many more as make up the size; what was written is of an even length per post.
        many = int(options.posts * LARGE / path.stat().st_size) + 1
        write_export(path, many)
        _in_own_process(path)


def _in_own_process(path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.wordpress_export", "--read", str(path)]
    subprocess.run(command, check=True)


def _measure(path: Path) -> None:
    """Read the export, and print what came of it, how fast, and in how much memory."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    before = _most_memory()
    from releases.intake.posts import IncomingPost
    from releases.intake.wordpress import outline, read_export

    started = time.perf_counter()
    told = outline(path)
    outlined = time.perf_counter() - started
    posts = lost = others = 0
    started = time.perf_counter()
    for read in read_export(path):
        if isinstance(read, IncomingPost):
            posts += 1
            lost += len(read.words.lost)
        else:
            others += 1
    seconds = time.perf_counter() - started
    size, most = path.stat().st_size / 10**6, _most_memory()
    print(
        f"{size:.0f} MB, {told.items:,} items: {posts:,} posts and {others:,} others in "
        f"{seconds:.0f} s ({posts / seconds:.0f} posts/s; outline {outlined:.1f} s), "
        f"{most:.0f} MB at most ({before:.0f} MB before), {lost} words lost",
        flush=True,
    )
    if most > MOST_MEMORY or lost:
        sys.exit(f"FAILED: expected {MOST_MEMORY} MB at most and no word lost.")


def _most_memory() -> float:
    """MB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
