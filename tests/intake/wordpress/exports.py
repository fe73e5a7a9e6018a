"""Small exports in WordPress's own shape, in words of our own."""

from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is an export. It holds the posts of a site. -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/{version}/"
>
<channel>
\t<title>Old newsroom</title>
\t<link>http://old.example.org</link>
\t<wp:wxr_version>{version}</wp:wxr_version>
\t<wp:base_site_url>http://old.example.org</wp:base_site_url>
\t<wp:base_blog_url>http://old.example.org</wp:base_blog_url>
\t<wp:author><wp:author_id>2</wp:author_id><wp:author_login>desk</wp:author_login>\
<wp:author_display_name><![CDATA[Press desk]]></wp:author_display_name></wp:author>
\t<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>iraq</wp:category_nicename>\
<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[이라크]]></wp:cat_name>\
</wp:category>
\t<wp:tag><wp:term_id>5</wp:term_id><wp:tag_slug>%ea%b2%a8%ec%9a%b8</wp:tag_slug>\
<wp:tag_name><![CDATA[겨울]]></wp:tag_name></wp:tag>
"""
TAIL = "</channel>\n</rss>\n"


def item(
    content: str = "",
    *,
    number: int = 12,
    title: str = "Winter kits reach two towns",
    link: str = "",
    kind: str = "post",
    status: str = "publish",
    local: str = "2014-09-09 09:00:00",
    gmt: str = "2014-09-09 00:00:00",
    slug: str = "winter-kits",
    excerpt: str = "",
    parent: int = 0,
    meta: dict[str, str] | None = None,
    more: str = "",
) -> str:
    """One item; `more` is further XML in it."""
    rows = "".join(
        f"\t\t<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>\n"
        for key, value in (meta or {}).items()
    )
    text = content.replace("]]>", "]]]]><![CDATA[>")
    return f"""\
\t<item>
\t\t<title>{escape(title)}</title>
\t\t<link>{escape(link or f"http://old.example.org/?p={number}")}</link>
\t\t<pubDate>Tue, 09 Sep 2014 00:00:00 +0000</pubDate>
\t\t<dc:creator><![CDATA[desk]]></dc:creator>
\t\t<guid isPermaLink="false">http://old.example.org/?p={number}</guid>
\t\t<description></description>
\t\t<content:encoded><![CDATA[{text}]]></content:encoded>
\t\t<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>
\t\t<wp:post_id>{number}</wp:post_id>
\t\t<wp:post_date>{local}</wp:post_date>
\t\t<wp:post_date_gmt>{gmt}</wp:post_date_gmt>
\t\t<wp:post_name>{slug}</wp:post_name>
\t\t<wp:status>{status}</wp:status>
\t\t<wp:post_parent>{parent}</wp:post_parent>
\t\t<wp:menu_order>0</wp:menu_order>
\t\t<wp:post_type>{kind}</wp:post_type>
\t\t<wp:post_password></wp:post_password>
\t\t<wp:is_sticky>0</wp:is_sticky>
{more}{rows}\t</item>
"""


def attachment(number: int, address: str, **values) -> str:
    """A picture or file of the library."""
    values.setdefault("kind", "attachment")
    values.setdefault("status", "inherit")
    more = f"\t\t<wp:attachment_url>{escape(address)}</wp:attachment_url>\n"
    return item(number=number, more=more, **values)


def export(
    folder: Path,
    *items: str | bytes,
    version: str = "1.2",
    head: str = HEAD,
    name: str = "export.xml",
) -> Path:
    """A file with these items; bytes go in as they are."""
    path = folder / name
    parts = [part if isinstance(part, bytes) else part.encode() for part in items]
    path.write_bytes(b"".join([head.replace("{version}", version).encode(), *parts, TAIL.encode()]))
    return path
