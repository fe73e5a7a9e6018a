"""Pages on which a theme, a block or a plug-in shows posts: they have nothing of their own."""

import re

from .items import Item

# What takes no words to show something: pictures, films, sounds, other pages, forms.
_SHOWN = re.compile(
    r"<(?:img|picture|svg|iframe|embed|object|video|audio|form|canvas)\b", re.IGNORECASE
)
# None of these goes on past the sign that opens the next one, nor tries a name in parts: of
# thousands that are never closed each would be read to the end of the text.
_TAG = re.compile(r"<[^<>]*>|&nbsp;")
_BLOCK = re.compile(r"<!--\s*wp:([a-z][a-z0-9_/-]*)")
_SHORTCODE = re.compile(r"\[/?([A-Za-z][\w-]*+)[^\[\]]*+\]")
# Blocks that only arrange others, or say where there is nothing.
_FRAMES = {
    "paragraph", "heading", "group", "columns", "column", "cover", "separator", "spacer", "more",
    "nextpage", "shortcode", "html", "freeform", "list", "row", "stack", "buttons",
}  # fmt: skip
# Blocks that show posts, or what stands round them; "core/" is left off.
_BLOCKS_OF_POSTS = {
    "latest-posts", "latest-comments", "archives", "categories", "tag-cloud", "calendar", "search",
    "rss", "page-list", "page-list-item", "read-more", "template-part", "navigation",
    "navigation-link", "navigation-submenu", "home-link", "site-logo", "site-title", "site-tagline",
    "query", "query-title", "query-total", "query-no-results", "query-pagination",
    "query-pagination-next", "query-pagination-numbers", "query-pagination-previous",
    "post-template", "post-title", "post-date", "post-excerpt", "post-content", "post-author",
    "post-author-name", "post-author-biography", "post-featured-image", "post-terms",
    "post-comments", "post-comments-count", "post-comments-form", "post-comments-link",
    "post-navigation-link", "post-time-to-read", "term-description",
    "comments", "comments-title", "comments-pagination", "comment-template",
    "getwid/recent-posts", "kadence/posts", "uagb/post-grid", "uagb/post-carousel",
    "uagb/post-masonry", "uagb/post-timeline", "newspack-blocks/homepage-articles",
    "atomic-blocks/ab-post-grid", "genesis-blocks/gb-post-grid", "stackable/posts",
    "essential-blocks/post-grid", "jetpack/related-posts",
}  # fmt: skip
# Shortcodes of plug-ins and themes that show posts, or forms to look for them; "_" is as "-".
_SHORTCODES_OF_POSTS = {
    "posts", "post-list", "posts-list", "postlist", "list-posts", "post-grid", "posts-grid",
    "postgrid", "post-loop", "posts-loop", "loop", "query", "blog", "blog-posts", "blog-list",
    "bloglist", "blog-grid", "news", "news-list", "latest-news", "recent-news",
    "recent-posts", "recentposts", "latest-posts", "latestposts", "latest-post", "recent-post",
    "recent-posts-slider", "related-posts", "popular-posts", "sticky-posts", "random-posts",
    "display-posts", "display-posts-shortcode", "catlist", "catpost", "category-posts",
    "categoryposts", "posts-by-category", "posts-by-tag", "categories", "category-list",
    "archives", "archive", "archive-list", "compact-archive", "wp-archives", "smart-archives",
    "wp-posts", "wp-recent-posts", "pt-view", "post-view", "ajax-load-more", "the-post-grid",
    "wpp", "wp-news-and-scrolling-widgets", "sp-news", "sp-news-slider", "recent-post-carousel",
    "recent-post-slider", "tag-cloud", "tagcloud", "wp-tag-cloud", "recent-comments", "searchform",
    "search-form", "wpsearch", "rss", "wp-rss", "wp-rss-aggregator", "sitemap", "wp-sitemap-page",
    "simple-sitemap", "et-pb-blog", "et-pb-section", "et-pb-row", "et-pb-column", "fusion-blog",
    "fusion-recent-posts", "vc-row", "vc-column", "vc-basic-grid", "vc-posts-grid", "vc-wp-posts",
    "vc-wp-archives", "vc-wp-categories", "vc-wp-tagcloud", "vc-wp-recentcomments",
    "av-blog", "pagination",
}  # fmt: skip


def is_listing(item: Item) -> bool:
    """Whether `item` is a public page that shows posts, or nothing at all, and has no words."""
    if item.kind != "page" or item.status != "publish" or item.text("wp:post_password"):
        return False
    text = item.text("content:encoded") + item.text("excerpt:encoded")
    return bool(item.text("title")) and not _says(text)


def _says(text: str) -> bool:
    """Whether HTML as it was written says or shows anything but posts."""
    if _SHOWN.search(text) or not all(map(_is_of_posts, _BLOCK.findall(text))):
        return True
    text = _without_comments(text)
    shortcodes = {name.lower().replace("_", "-") for name in _SHORTCODE.findall(text)}
    if not shortcodes <= _SHORTCODES_OF_POSTS:
        return True
    return bool(_TAG.sub("", _SHORTCODE.sub("", text)).strip())


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + len("-->")
    return "".join([*kept, text[at:]])


def _is_of_posts(block: str) -> bool:
    return block.removeprefix("core/") in _FRAMES | _BLOCKS_OF_POSTS
