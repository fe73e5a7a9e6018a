"""Hosts as sites are told apart by them: in lower case, in IDNA's form, without "www."."""

from urllib.parse import urlsplit

NOWHERE = "localhost"  # the host of what does not say where it stood
HOST_LENGTH = 253  # characters; no name on the internet has more


def host_of(address: str) -> str:
    """The host of an absolute address, or of one as "//host/path"; "" where it names none."""
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    host = host.rstrip(".")
    if len(host) > HOST_LENGTH or not host.isprintable():
        return ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode()  # as a server is asked for it
        except UnicodeError:
            return ""
    host = host.removeprefix("www.")
    return host if len(host) <= HOST_LENGTH else ""


def spellings_of(host: str) -> set[str]:
    """`host`, as `host_of` gives it, and as a text may have it: "뉴스.example"."""
    try:
        return {host, host.encode().decode("idna")}
    except UnicodeError:
        return {host}


def host_of_site(site: str) -> str:
    """The host of a site as source keys have it: "www.example.org/blog"."""
    return host_of(site if "//" in site else f"//{site}")


def site_at(address: str) -> str:
    """The host of the site that had something at `address`; "" where nobody knows."""
    host = host_of(address)
    return "" if host == NOWHERE else host
