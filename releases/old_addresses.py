"""Addresses of the site before this one: how they are written, kept and followed.

Whoever follows one learns nothing that is not public: an address of a draft is answered as one
that nobody knows, by the same single query. What was withdrawn leads to its own address, which
says so.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes, urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import translation

from contacts.bilingual import LANGUAGES
from contacts.text import clean_text

from .hosts import host_of
from .models import ADDRESS_LENGTH, Attachment, OldAddress, Picture, Release

# What WordPress asks its first page for, of which ours knows nothing.
NUMBERS = ("p", "page_id", "attachment_id")  # one count for all three
WORDPRESS = frozenset(
    {*NUMBERS, "cat", "tag", "m", "feed", "author", "author_name", "name", "s", "paged"}
)
MOST_PARAMETERS = 20
ASKED_AT_ONCE = 500  # addresses in a query

Key = tuple[str, str]  # the site of an address, and the address
# The site before had nothing there: not in another language, and no API.
OURS = re.compile(
    "/(?:api|{})/".format("|".join(code for code in LANGUAGES if code != settings.LANGUAGE_CODE))
)

SITE = re.compile(rb"\A(?:https?:)?//[^/?#]*", re.IGNORECASE)
SIZE = re.compile(r"-(?:\d+x\d+|scaled)(?=\.\w+\Z)")  # of the copies that WordPress makes
# What follows the address of a post: a later part of it, its comments, its feed.
BELOW_A_POST = re.compile(
    r"/(?:feed(?:/(?:rss2?|rdf|atom))?|trackback|amp|embed|comment-page-[0-9]+|(?:page/)?[0-9]{1,4})"
    r"\Z"
)
ARCHIVE = re.compile(r"/archives/([0-9]+)")
# As far back as the filter of our listing goes.
DAYS = re.compile(r"/(19[0-9]{2}|2[0-9]{3})(?:/(0?[1-9]|1[0-2])(?:/[0-9]{1,2})?)?")
MONTH = re.compile(r"(19[0-9]{2}|2[0-9]{3})(?:(0[1-9]|1[0-2])(?:[0-9]{2})?)?")
PAGE = re.compile(r"/page/([0-9]{1,6})")
PAGED = re.compile(r"[0-9]{1,6}")
FEED = re.compile(r"/feed/(rss2?|rdf|atom)")


# How an address is written


def plain_address(address: str) -> str:
    """`address` without site and fragment, decoded, its query in order; "" where none can be kept.

    "http://old.example.org/?b=2&a=%EC%9D%B4" and "/index.php?a=이&b=2" both are "/?a=이&b=2".
    """
    return _joined(*_parts(address))


def _parts(address: str) -> tuple[str, list[tuple[str, str]]]:
    """Path and parameters of `address`, plain."""
    asked = SITE.sub(b"", address.encode(errors="replace").partition(b"#")[0])
    path, _mark, query = asked.partition(b"?")
    return _plain_path(path), _parameters(query)


def _joined(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    query = "&".join(f"{name}={value}" for name, value in sorted(parameters))
    address = f"{path}?{query}" if query else path
    return address if len(address) <= ADDRESS_LENGTH else ""


def _plain_path(path: bytes) -> str:
    parts = [part for part in _decoded(path).split("/") if part]
    if parts and parts[0] == "index.php":
        parts = parts[1:]
    return "/" + "/".join(parts)


def _parameters(query: bytes) -> list[tuple[str, str]]:
    """Names and values of a query; none of one that holds more than anybody writes."""
    pairs = [part.partition(b"=") for part in query.replace(b"+", b" ").split(b"&") if part]
    if len(pairs) > MOST_PARAMETERS:
        return []
    return [(_decoded(name), _decoded(value)) for name, _sign, value in pairs]


def _decoded(quoted: bytes) -> str:
    """`quoted` in NFC. Old Korean browsers encoded addresses in what Windows used: CP949."""
    text = unquote_to_bytes(quoted)
    for encoding in ("utf-8", "cp949"):
        try:
            return clean_text(text.decode(encoding))
        except UnicodeDecodeError:
            continue
    return clean_text(text.decode("utf-8", "replace"))


# How one is kept


def put(rows: Iterable[OldAddress]) -> list[OldAddress]:
    """Keep `rows`; return those whose address leads somewhere else already, and stays so.

    Each site has addresses of its own. Call it in a transaction.
    """
    wanted: dict[Key, OldAddress] = {}
    for row in rows:
        wanted.setdefault(key_of(row), row)
    there = kept(wanted)
    for row in _abandoned(there.values()):
        del there[key_of(row)]
        row.delete()
    OldAddress.objects.bulk_create(row for key, row in wanted.items() if key not in there)
    return [wanted[key] for key, row in there.items() if not _is_same(row, wanted[key])]


def key_of(row: OldAddress) -> Key:
    return row.site, row.address


def kept(keys: Iterable[Key]) -> dict[Key, OldAddress]:
    """Those of the addresses `keys` that are kept."""
    keys = set(keys)
    addresses = sorted({address for _site, address in keys})
    found: dict[Key, OldAddress] = {}
    for start in range(0, len(addresses), ASKED_AT_ONCE):
        asked = addresses[start : start + ASKED_AT_ONCE]
        rows = OldAddress.objects.filter(address__in=asked)
        found |= {key: row for row in rows if (key := key_of(row)) in keys}
    return found


def _abandoned(rows: Iterable[OldAddress]) -> list[OldAddress]:
    """Those of `rows` whose release was deleted."""
    rows = [row for row in rows if row.release_id]
    here = set(
        Release.objects.filter(pk__in={row.release_id for row in rows}).values_list("pk", flat=True)
    )
    return [row for row in rows if row.release_id not in here]


def _is_same(row: OldAddress, other: OldAddress) -> bool:
    if row.stored and not other.stored:
        return True  # a file came with a post: that is where its address leads

    def told(row: OldAddress) -> tuple:
        # Of bytes that two releases show, the one that had them first is remembered.
        release = None if row.stored else row.release_id
        return release, row.mission_id, row.path, row.stored

    return told(row) == told(other)


# How one is followed


def is_asked(request: HttpRequest) -> bool:
    """Whether `request` asks the first page for what only the site before knows."""
    return request.path_info == "/" and not WORDPRESS.isdisjoint(request.GET)


def led_on(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """301 to where the address that `request` asks for leads now; None where it leads nowhere.

    It is one of the site by whose name it is asked; where that has none that the public may know
    of, it is one of whichever site had it, and was kept first.
    """
    if request.method not in ("GET", "HEAD") or OURS.match(request.path_info):
        return None
    # Django has quoted again what of the path was no UTF-8.
    path = _plain_path(request.path_info.encode(errors="replace"))
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    parameters, site = _parameters(query), host_of(f"//{request.get_host()}")
    with translation.override(settings.LANGUAGE_CODE):
        to = _led(path, parameters, OldAddress.objects.all(), site) or _of_a_listing(
            path, parameters
        )
    return HttpResponsePermanentRedirect(to) if to else None


def leads_to(address: str, site: str) -> str:
    """Where the `address` of `site`, however it is written, leads now, in the reader's language.

    "" where it leads nowhere that the public may read, or could once.
    """
    return _led(*_parts(address), OldAddress.objects.filter(site=site), site)


def listing_of(address: str) -> str:
    """Where the listing or the feed that a site had at `address` is found now; "" for the rest."""
    path, parameters = _parts(address)
    if (path, parameters) == ("/", []):
        return reverse("releases:list")
    return _of_a_listing(path, parameters)


def _led(
    path: str, parameters: list[tuple[str, str]], rows: QuerySet[OldAddress], site: str
) -> str:
    """Where the first of `rows` leads that is kept for the address; those of `site` go before.

    Behind them go those of which nobody knows the site. One query, and some more for what is
    found. To look at nothing but what the public may read hides the rest: an address of a draft
    leads where it would if its site had never had it.
    """
    wanted = list(_spellings(path, parameters))
    asked = _readable(rows.filter(address__in=wanted)).select_related("mission")
    nearness = {site: 0, "": 1}

    def place(row: OldAddress) -> tuple[int, int, int]:
        return nearness.get(row.site, 2), wanted.index(row.address), row.pk

    return next(filter(None, map(_address_of, sorted(asked, key=place))), "")


def _spellings(path: str, parameters: list[tuple[str, str]]) -> Iterator[str]:
    """The addresses under which it may be kept, the most exact first; none twice."""
    known = [(name, value) for name, value in parameters if name in WORDPRESS]
    found = [_joined(path, parameters), _joined(path, known)]
    if path == "/":
        numbers = {value for name, value in known if name in NUMBERS}
    else:
        found.append(path[:ADDRESS_LENGTH])
        archive = ARCHIVE.fullmatch(path)
        numbers = {archive[1]} if archive else set()
        found += [SIZE.sub("", path), BELOW_A_POST.sub("", path)]
    found += [f"/?{name}={number}" for number in sorted(numbers) for name in NUMBERS]
    return (address for address in dict.fromkeys(found) if 1 < len(address) <= ADDRESS_LENGTH)


def _readable(rows: QuerySet[OldAddress]) -> QuerySet[OldAddress]:
    """Those of `rows` that lead to what the public may read, or could once."""
    public, gone = Release.objects.public(), Release.objects.gone()

    def read(**which: OuterRef) -> Q:
        return Q(Exists(public.filter(**which))) | Q(Exists(gone.filter(**which)))

    of_release = Q(stored="") & read(pk=OuterRef("release_id"))
    of_bytes = ~Q(stored="") & (
        read(pictures__image=OuterRef("stored")) | read(files__file=OuterRef("stored"))
    )
    of_mission = Q(Exists(public.filter(mission=OuterRef("mission_id"))))
    return rows.filter(of_release | of_bytes | of_mission | ~Q(path=""))


def _address_of(row: OldAddress) -> str:
    if row.path:
        return row.path
    if row.mission:
        return row.mission.get_absolute_url()
    if row.stored:
        return _address_of_bytes(row.stored)
    return _address_of_release(Release.objects.filter(pk=row.release_id))


def _address_of_release(releases: QuerySet[Release]) -> str:
    """Where the first of `releases` that is public stands, else where one says that it is gone.

    That is said without a word of its headline.
    """
    if release := releases.public().only("pk", "slug").order_by("pk").first():
        return release.get_absolute_url()
    gone = releases.gone().order_by("pk").values_list("pk", flat=True).first()
    return reverse("releases:short", args=[gone]) if gone else ""


def _address_of_bytes(stored: str) -> str:
    """Where the picture or the file that is `stored` can be seen: in the first public release."""
    for model, column in ((Picture, "image"), (Attachment, "file")):
        rows = model.objects.filter(**{column: stored})
        if row := rows.filter(release__in=Release.objects.public()).order_by("pk").first():
            return row.copies("webp")[-1][0] if model is Picture else row.url
        holders = Release.objects.filter(pk__in=rows.values("release"))
        if address := _address_of_release(holders):
            return address
    return ""


def _of_a_listing(path: str, parameters: list[tuple[str, str]]) -> str:
    """Where a listing or a feed of WordPress is found now, whatever it listed; "" for the rest."""
    asked, is_query = dict(parameters), path == "/"
    days = MONTH.fullmatch(asked.get("m", "")) if is_query else DAYS.fullmatch(path)
    if days:
        parts = {"year": int(days[1])} | ({"month": int(days[2])} if days[2] else {})
        return _listing(**parts)
    feed = FEED.fullmatch(path)
    kind = feed[1] if feed else asked.get("feed", "") if is_query else ""
    if kind in ("rss", "rss2", "rdf", "atom"):
        return reverse("releases:feed-atom" if kind == "atom" else "releases:feed-rss")
    if is_query and asked.get("s"):
        return _listing(q=asked["s"][:200])
    if page := PAGED.fullmatch(asked.get("paged", "")) if is_query else PAGE.fullmatch(path):
        number = int(page[page.re.groups])
        return _listing(page=number) if number > 1 else _listing()
    return ""


def _listing(**query: str | int) -> str:
    listing = reverse("releases:list")
    return f"{listing}?{urlencode(query)}" if query else listing
