"""The addresses that a post had on the old site, and those of the pages round it.

All are a path and what follows "?" in it, decoded, as the old site's server was asked.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import unquote, urlsplit

from ..posts import OldPage
from .items import Item
from .site import Site, Term, moment

_FEEDS = {"rss2": "/feed/", "rss": "/feed/", "rdf": "/feed/", "atom": "/feed/atom/"}
_SCRIPTS = {"wp-rss2.php": "/feed/", "wp-rss.php": "/feed/", "wp-rdf.php": "/feed/",
            "wp-atom.php": "/feed/atom/"}  # fmt: skip
_NEXT_PAGE = "<!--nextpage-->"
_BASES = {"category": "category", "post_tag": "tag"}


def path_of(address: str) -> str:
    """Path and query of an absolute address, decoded; "" where there is neither."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    query = f"?{unquote(parts.query)}" if parts.query else ""
    path = unquote(parts.path) or ("/" if query else "")
    return f"{path}{query}" if path not in {"", "/"} or query else ""


def addresses_of(item: Item, site: Site) -> tuple[str, ...]:
    """All that led to a post or page: as it was linked, by its number, and by old slugs."""
    link, number = path_of(item.text("link")), item.number
    found = [link]
    if "?" not in link and link:
        found += [_with_slug(link, slug) for slug in _slugs(item)]
    found += [
        f"{site.root}/?p={number}",
        f"{site.root}/?page_id={number}",
        f"{site.root}/archives/{number}",
    ]
    if item.kind not in {"post", "page"}:
        found.append(f"{site.root}/?post_type={item.kind}&p={number}")
    found.append(path_of(item.text("guid")))
    for page in range(2, item.raw("content:encoded").count(_NEXT_PAGE) + 2):
        if "?" not in link and link:
            found.append(f"{link.rstrip('/')}/{page}/")
        found.append(f"{site.root}/?p={number}&page={page}")
    return tuple(dict.fromkeys(filter(None, found)))


def _slugs(item: Item) -> list[str]:
    """The slugs that a post once had, and the one that it lost in the bin."""
    meta = item.meta
    return [
        unquote(slug.strip())
        for slug in meta.get("_wp_old_slug", []) + meta.get("_wp_desired_post_slug", [])
        if slug.strip()
    ]


def _with_slug(link: str, slug: str) -> str:
    """`link` with another slug in the place of its last part."""
    end = "/" if link.endswith("/") else ""
    head, _slash, last = link.rstrip("/").rpartition("/")
    ending = ".html" if last.endswith(".html") else ""
    return f"{head}/{slug}{ending}{end}"


Loose = dict[int, tuple[str, ...]]  # the addresses of files that were sent for no post


class OldPages:
    """Addresses of the old site that are no post's own; those of the site come last.

    `loose`: those that are found here are added.
    """

    def __init__(self, site: Site, taken: set[str], loose: Loose):
        self.site, self.taken, self.loose = site, taken, loose
        self.days: set[date] = set()
        self.authors: set[str] = set(site.authors)
        self.terms: dict[tuple[str, str], Term] = dict(site.terms)

    def of_item(self, item: Item) -> Iterator[OldPage]:
        """The pages about a picture or file; what else there is of a post is kept for the end."""
        if item.kind == "attachment":
            addresses = [
                path_of(item.text("link")),
                f"{self.site.root}/?attachment_id={item.number}",
                f"{self.site.root}/?p={item.number}",
                path_of(item.text("guid")),
                path_of(item.text("wp:attachment_url")),
            ]
            own = tuple(dict.fromkeys(filter(None, addresses)))
            if not item.parent:
                self.loose[item.number] = own
                return
            for address in own:
                yield OldPage(address, post=item.parent)
        elif item.kind in self.taken:
            if item.status == "publish" and (local := moment(item.text("wp:post_date"))):
                self.days.add(local.date())
            if login := item.text("dc:creator"):
                self.authors.add(login)
            for domain, slug, name in item.terms:
                if domain in _BASES:
                    self.terms.setdefault((domain, slug), Term(domain, slug, name))

    def of_listing(self, item: Item) -> Iterator[OldPage]:
        """The addresses of a page on which posts are listed, as they are on our first page."""
        for address in addresses_of(item, self.site):
            yield OldPage(address, path="/")

    def of_loose_files(self, shown_by: Mapping[int, int]) -> Iterator[OldPage]:
        """The pages about files that belong to no post, which lead to the first that shows them.

        `shown_by`: the number of that post by the number of the file.
        """
        for number, addresses in self.loose.items():
            for address in addresses:
                yield OldPage(address, post=shown_by.get(number))

    def of_site(self) -> Iterator[OldPage]:
        """Feeds, categories and tags, dates and people: each address once."""
        seen = set()
        for page in self._of_site():
            # What the new site has at the very address needs no leading.
            if page.address not in seen and page.address != page.path:
                seen.add(page.address)
                yield page

    def _of_site(self) -> Iterator[OldPage]:
        root = self.site.root
        yield OldPage(f"{root}/", path="/")
        yield OldPage(f"{root}/feed/", path="/feed/")
        for kind, path in _FEEDS.items():
            yield OldPage(f"{root}/feed/{kind}/", path=path)
            yield OldPage(f"{root}/?feed={kind}", path=path)
        for script, path in _SCRIPTS.items():
            yield OldPage(f"{root}/{script}", path=path)
        yield OldPage(f"{root}/comments/feed/")
        yield OldPage(f"{root}/?feed=comments-rss2")
        for term in self.terms.values():
            yield from self.of_term(term)
        for login in sorted(self.authors):
            yield OldPage(f"{root}/author/{unquote(login)}/", path="/")
            if number := self.site.author_numbers.get(login):
                yield OldPage(f"{root}/?author={number}", path="/")
        yield from self.of_days()

    def of_term(self, term: Term) -> Iterator[OldPage]:
        root, slug = self.site.root, unquote(term.slug)
        if slug:
            base = f"{root}/{_BASES[term.domain]}"
            yield OldPage(f"{base}/{self.term_path(term)}/", term=term.name)
            yield OldPage(f"{base}/{slug}/", term=term.name)
            yield OldPage(f"{base}/{slug}/feed/", term=term.name)
        if term.domain == "post_tag" and slug:
            yield OldPage(f"{root}/?tag={slug}", term=term.name)
        elif term.domain == "category":
            if slug:
                yield OldPage(f"{root}/?category_name={slug}", term=term.name)
            if term.number:
                yield OldPage(f"{root}/?cat={term.number}", term=term.name)

    def term_path(self, term: Term) -> str:
        """The slugs of a category and of those that it belongs to: "africa/libya"."""
        slugs = [unquote(term.slug)]
        above = self.terms.get((term.domain, term.parent)) if term.parent else None
        while above and unquote(above.slug) not in slugs:
            slugs.insert(0, unquote(above.slug))
            above = self.terms.get((above.domain, above.parent)) if above.parent else None
        return "/".join(slugs)

    def of_days(self) -> Iterator[OldPage]:
        root = self.site.root
        for day in sorted(self.days):
            year, month = f"/?year={day:%Y}", f"/?year={day:%Y}&month={day.month}"
            yield OldPage(f"{root}/{day:%Y}/", path=year)
            yield OldPage(f"{root}/?m={day:%Y}", path=year)
            yield OldPage(f"{root}/{day:%Y/%m}/", path=month)
            yield OldPage(f"{root}/?m={day:%Y%m}", path=month)
            yield OldPage(f"{root}/{day:%Y/%m/%d}/", path=month)
            yield OldPage(f"{root}/?m={day:%Y%m%d}", path=month)
