"""Writes damaged/: small exports with what goes wrong in real ones, a fault or two in each."""

from pathlib import Path

FOLDER = Path(__file__).parent / "damaged"
SITE = "http://press.example.org"


def item(number: int, title: str, body: str, slug: str = "", **given: str) -> str:
    """A post as WordPress writes it; `given` are elements that differ, by name."""
    slug = slug or f"post-{number}"
    values = {
        "link": f"{SITE}/2014/09/{slug}/",
        "post_date": "2014-09-09 09:00:00",
        "post_date_gmt": "2014-09-09 00:00:00",
        "status": "publish",
        "post_type": "post",
        "more": "",
    } | given
    return f"""	<item>
		<title><![CDATA[{title}]]></title>
		<link>{values["link"]}</link>
		<pubDate>Tue, 09 Sep 2014 00:00:00 +0000</pubDate>
		<dc:creator><![CDATA[desk]]></dc:creator>
		<guid isPermaLink="false">{SITE}/?p={number}</guid>
		<description></description>
		<content:encoded><![CDATA[{body}]]></content:encoded>
		<excerpt:encoded><![CDATA[]]></excerpt:encoded>
		<wp:post_id>{number}</wp:post_id>
		<wp:post_date><![CDATA[{values["post_date"]}]]></wp:post_date>
		<wp:post_date_gmt><![CDATA[{values["post_date_gmt"]}]]></wp:post_date_gmt>
		<wp:post_name><![CDATA[{slug}]]></wp:post_name>
		<wp:status><![CDATA[{values["status"]}]]></wp:status>
		<wp:post_parent>0</wp:post_parent>
		<wp:post_type><![CDATA[{values["post_type"]}]]></wp:post_type>
		<wp:post_password><![CDATA[]]></wp:post_password>
{values["more"]}	</item>
"""


def export(*items: str, version: str = "1.2", head: str = "", blog: str = SITE) -> str:
    """An export of `items`; `head` stands above its root."""
    wordpress = f"http://wordpress.org/export/{version}/"
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
{head}<!-- generator="WordPress/6.1.9" created="2026-06-01 00:00" -->
<rss version="2.0"
	xmlns:excerpt="{wordpress}excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="{wordpress}"
>
<channel>
	<title>IOM 한국대표부 보도자료</title>
	<link>{blog}</link>
	<description></description>
	<language>ko-KR</language>
	<wp:wxr_version>{version}</wp:wxr_version>
	<wp:base_site_url>{blog.rsplit("/", 1)[0] if blog.count("/") > 2 else blog}</wp:base_site_url>
	<wp:base_blog_url>{blog}</wp:base_blog_url>
{"".join(items)}</channel>
</rss>
"""


def meta(key: str, value: str) -> str:
    return (
        f"\t\t<wp:postmeta>\n\t\t<wp:meta_key><![CDATA[{key}]]></wp:meta_key>\n"
        f"\t\t<wp:meta_value><![CDATA[{value}]]></wp:meta_value>\n\t\t</wp:postmeta>\n"
    )


# Characters that XML does not allow, raw and as a number; in a headline too.
control = export(
    item(
        1,
        "(2014/9/9) 수직\x0b탭이 있는 제목",
        "Iraq - A tab\x0bof the vertical kind,\x00 a bell\x07 and\x1f more.",
    ),
    item(2, "(2014/9/9) \ufffe 없는 글자", "Libya - It is no character: \uffff."),
    item(3, "(2014/9/9) 번호로 쓴 글자", "Kenya - Left whole.").replace(
        "<description></description>", "<description>&#11;&#x1F;</description>"
    ),
)

# What is EUC-KR (or its larger kin, with 똠) in a file that says that it is UTF-8.
korean = "한국 - 펩시맨과 똠방각하가 온다는 옛 글이다. 이주민 120명이 참석했다."
mixed = export(
    item(1, "(2014/9/9) 올바른 글", "한국 - 이 글은 UTF-8이다."),
    item(2, "(2014/9/9) 옛 부호의 본문", "@@BODY@@"),
    item(3, "@@TITLE@@", "한국 - 제목만 옛 부호이다."),
    item(4, "(2014/9/9) 잘린 글자", "한국 - 여기서 글자가 잘렸다: @@CUT@@ 끝."),
).encode()
mixed = (
    mixed.replace(b"@@BODY@@", korean.encode("cp949"))
    .replace(b"@@TITLE@@", "(2014/9/9) 옛 부호의 제목".encode("euc-kr"))
    .replace(b"@@CUT@@", "한".encode()[:2])
)

# A whole file in EUC-KR that says so.
declared = (
    export(item(1, "(2014/9/9) 옛 부호의 파일", "한국 - 파일 전체가 EUC-KR이다."))
    .replace('encoding="UTF-8"', 'encoding="EUC-KR"')
    .encode("euc-kr")
)

# CDATA in CDATA: right, as WordPress splits it, and wrong, as a plugin left it.
nested = export(
    item(1, "(2014/9/9) 나뉜 CDATA", "Iraq - The end ]]]]><![CDATA[> of a section in the text."),
    item(2, "(2014/9/9) 겹친 CDATA", "Libya - Before <![CDATA[within]]> after."),
    item(3, "(2014/9/9) 그다음 글", "Kenya - What follows is whole."),
)

# One slug for two posts, one number for two posts, no number, no slug.
duplicates = export(
    item(1, "(2014/9/9) 첫째 글", "Iraq - The first of a slug.", "same"),
    item(2, "(2014/9/10) 둘째 글", "Libya - The second of a slug.", "same"),
    item(2, "(2014/9/11) 셋째 글", "Kenya - The second of a number."),
    item(3, "(2014/9/12) 번호 없는 글", "Nepal - It has no number.").replace(
        "<wp:post_id>3</wp:post_id>", "<wp:post_id></wp:post_id>"
    ),
)

# Times that are missing, that are no times, and that the zone's clocks skipped.
times = export(
    item(
        1, "(2014/9/9) GMT 없는 글", "Iraq - Local time alone.", post_date_gmt="0000-00-00 00:00:00"
    ),
    item(
        2,
        "시각 없는 글",
        "Libya - No time at all.",
        post_date="0000-00-00 00:00:00",
        post_date_gmt="0000-00-00 00:00:00",
    ),
    item(
        3,
        "(2014/2/31) 없는 날",
        "Kenya - No such day.",
        post_date="2014-02-31 09:00:00",
        post_date_gmt="2014-02-31 00:00:00",
    ),
    item(
        4,
        "(2014/9/9) 날짜가 아닌 글",
        "Nepal - The day is a word.",
        post_date="어제",
        post_date_gmt="어제",
    ),
)

# Serialized values whole, cut off and of what nobody should make; numbers of views that are none.
serialized = export(
    item(
        1,
        "(2014/9/9) 직렬화된 값",
        "Iraq - A plugin counted.",
        more=meta("views", 's:2:"57";') + meta("layout", 'a:1:{s:5:"parts";a:1:{i:0;s:6:"하나";}}'),
    ),
    item(
        2,
        "(2014/9/9) 잘린 값",
        "Libya - A plugin was cut off.",
        more=meta("_wp_attachment_metadata", 'a:6:{s:5:"width";i:4') + meta("views", "-5"),
    ),
    item(
        3,
        "(2014/9/9) 물건",
        "Kenya - A plugin keeps objects.",
        more=meta("views", 'O:8:"stdClass":0:{}') + meta("views", "99999999999999999999"),
    ),
)

# Of a network: the site lies in a folder, its files in one of its own (new way and old way).
network = export(
    item(
        1,
        "(2014/9/9) 연결망의 글",
        'Iraq - See <a href="http://network.example.org/seoul/?p=2">the other</a>. '
        '<img src="http://network.example.org/seoul/files/2014/09/convoy.jpg" alt="Lorries" /> '
        '<img src="http://network.example.org/seoul/wp-content/uploads/sites/3/2014/09/course.jpg"'
        ' alt="A room" />',
        link="http://network.example.org/seoul/2014/09/post-1/",
    ),
    item(
        2,
        "(2014/9/9) 연결망의 다른 글",
        "Libya - The other.",
        link="http://network.example.org/seoul/2014/09/post-2/",
    ),
    blog="http://network.example.org/seoul",
)


def old(version: str) -> str:
    """As WordPress 2 (1.0) and 3 (1.1) wrote it: little CDATA, categories twice, "tag" for tags."""
    terms = (
        "\t\t<category><![CDATA[이라크]]></category>\n"
        '\t\t<category domain="category" nicename="iraq"><![CDATA[이라크]]></category>\n'
        '\t\t<category domain="tag"><![CDATA[구호물자]]></category>\n'
        '\t\t<category domain="tag" nicename="relief"><![CDATA[구호물자]]></category>\n'
    )
    text = export(
        item(
            1,
            "(2014/9/9) 옛 형식의 글",
            "Iraq - Written by an old WordPress.",
            more=terms + meta("views", "7"),
        ),
        version=version,
    )
    for name in (
        "post_date",
        "post_date_gmt",
        "post_name",
        "status",
        "post_type",
        "post_password",
        "meta_key",
    ):
        text = text.replace(f"<wp:{name}><![CDATA[", f"<wp:{name}>").replace(
            f"]]></wp:{name}>", f"</wp:{name}>"
        )
    text = text.replace("<title><![CDATA[(2014", "<title>(2014").replace(
        "글]]></title>", "글</title>"
    )
    if version == "1.0":
        text = text.replace(f"\t<wp:base_site_url>{SITE}</wp:base_site_url>\n", "")
    return text


# Attacks: entities that grow, entities that read files.
growing = export(
    item(1, "(2014/9/9) 자라는 글", "Iraq").replace("<![CDATA[Iraq]]>", "&d;"),
    head='<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>\n',
)
reading = export(
    item(1, "(2014/9/9) 읽는 글", "Iraq").replace("<![CDATA[Iraq]]>", "&file;"),
    head='<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/hostname">]>\n',
)

whole = export(
    item(1, "(2014/9/9) 온전한 글", "Iraq - It is whole."),
    item(2, "(2014/9/9) 끊긴 글", "Libya - The download ended in the middle of this sentence."),
)

FILES: dict[str, str | bytes] = {
    "control-characters.xml": control,
    "euc-kr-in-utf-8.xml": mixed,
    "euc-kr.xml": declared,
    "nested-cdata.xml": nested,
    "duplicates.xml": duplicates,
    "times.xml": times,
    "serialized.xml": serialized,
    "multisite.xml": network,
    "wxr-1.0.xml": old("1.0"),
    "wxr-1.1.xml": old("1.1"),
    "entities-that-grow.xml": growing,
    "entities-that-read.xml": reading,
    "cut-off.xml": whole[: whole.index("ended in the middle")],
    "no-wordpress.xml": '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>뉴스</title>'
    "<item><title>글</title><description>Of a feed.</description></item></channel></rss>\n",
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in FILES.items():
        data = content if isinstance(content, bytes) else content.encode()
        (FOLDER / name).write_bytes(data)
