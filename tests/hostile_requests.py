"""`python -m tests.hostile_requests PORT [COUNT]`: thousands of requests that mean no good.

Asks a newsroom that gunicorn serves on PORT of this machine, as a stranger behind its proxy does:
addresses, parameters, headers, methods and bodies as scanners and fuzzers send them, from a fixed
seed. Says how often each status was answered, and ends with 1 where there was any 5xx, or none
at all (the connection just ended). Use a throw-away copy: it counts readings and tries passwords.
"""

import asyncio
import random
import sys
from collections import Counter
from urllib.parse import quote

AT_ONCE = 16
SEED = 8
PATIENCE = 30  # seconds

NASTY = [
    "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/", "..;/", "....//", "%00",
    "\x00", "%0d%0aSet-Cookie:%20a=b", "%c0%ae%c0%ae/", "%ff%fe", "%ed%a0%80", "' OR 1=1 --",
    "1;DROP TABLE releases_release", "1 UNION SELECT NULL", "') || pg_sleep(5) --", "{{7*7}}",
    "${jndi:ldap://x}", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)", "%s%s%s%n", "9" * 400, "-1", "0", "1e309", "NaN", "٣", "１２", "\u202e",
    "\ufeff", "\ud7ff", "난민" * 300, "e\u0301" * 200, "🏳️‍🌈" * 50,
    "(" * 500, '"' * 99, "*", ":", "&|!",
    "a:*", "-" * 50, "NEAR(", "\\", "`id`", "$(id)", "|id", "file:///etc/passwd", "//evil.example/",
    "/\\evil.example", "http://169.254.169.254/", "__proto__", "constructor[prototype]", "[]",
    "a[]=1", " ", "\t", "", "null", "undefined", "true", "2026-13-45", "0000-00-00", "99999-01-01",
]  # fmt: skip
PATHS = [
    "/", "/en/", "/{}", "/{}/", "/releases/{}/", "/releases/1/{}/", "/releases/1/{}.txt",
    "/releases/{}/views/", "/releases/1/views.gif", "/releases/{}/views.gif", "/releases.csv",
    "/releases/1/pictures/{}/original.jpg", "/releases/1/pictures/1/{}.webp",
    "/releases/1/files/1/{}", "/releases/1/contacts/{}.vcf", "/releases/1/versions/{}/",
    "/releases/1/corrections/{}/", "/missions/", "/missions/{}/", "/missions/{}/feed/", "/feed/",
    "/feed/{}/", "/contacts/{}.vcf", "/suggestions.json", "/api/releases/", "/api/releases/{}/",
    "/sitemap.xml", "/sitemap-{}.xml", "/embargo/{}/", "/embargo/{}.txt", "/approval/{}/",
    "/embargo/{}/files/1/x", "/static/{}", "/admin/", "/admin/{}", "/admin/login/",
    "/admin/login/code/", "/admin/login/second-factor/", "/admin/r/{}/1/", "/admin/account/",
    "/admin/releases/release/{}/change/", "/admin/jsi18n/", "/en/admin/login/", "/theme.css",
    "/.env", "/.git/config", "/wp-login.php", "/xmlrpc.php", "/server-status", "//", "/%2e/",
]  # fmt: skip
NAMES = [
    "q", "mission", "year", "month", "page", "next", "p", "page_id", "limit", "offset", "since",
    "fields", "language", "version", "utm_source", "q[]", "__class__",
]  # fmt: skip
RARE = ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "FOO"]
METHODS = ["GET"] * 12 + ["POST"] * 3 + RARE
TYPES = [
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/json", "text/xml", "x", "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary=" + "y" * 300, "text/plain; charset=none",
]  # fmt: skip
BODIES = [
    "", "username={}&password={}", "{{\"a\": \"{}\"}}",
    "<!DOCTYPE x [<!ENTITY e \"{}\">]><x>&e;</x>",
    "--x\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"../{}\"\r\n\r\nx\r\n--x--\r\n",
    "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n!",
    "&".join(f"a{n}=1" for n in range(1200)), "code={}", "answer={}&comment={}", "\xff\xfe{}",
]  # fmt: skip
HEADERS = [
    "Cookie: __Host-sessionid={}", "Cookie: __Host-csrftoken={}; __Host-known={}", "Cookie: {}",
    "Cookie: messages={}; kept.{}=saved", "Referer: https://evil.example/{}", "Origin: null",
    "X-Forwarded-Host: evil.example", "X-Forwarded-For: {}", "Accept-Language: {}",
    "Accept-Encoding: {}", "If-None-Match: {}", "If-Modified-Since: {}", "Range: bytes={}",
    "Authorization: Basic {}", "User-Agent: {}", "X-Original-URL: /admin/", "Sec-Fetch-Site: {}",
    "X-HTTP-Method-Override: DELETE", "Sec-Purpose: {}", "Accept: {}", "X-Requested-With: {}",
]  # fmt: skip


def requests(count: int, host: str) -> list[bytes]:
    """`count` requests to `host`, the same each time."""
    chance = random.Random(SEED)
    return [_request(chance, host) for _ in range(count)]


def _request(chance: random.Random, host: str) -> bytes:
    def nasty() -> str:
        word = chance.choice(NASTY)
        return "".join(chance.sample(word, len(word))) if chance.random() < 0.1 else word

    def filled(text: str) -> str:
        return text.replace("{{", "{").replace("}}", "}").replace("{}", nasty()[:2000])

    target = chance.choice(PATHS).replace("{}", quote(nasty(), safe="%/;:@"))
    if chance.random() < 0.7:
        pairs = [
            f"{chance.choice(NAMES)}={quote(nasty(), safe='%[]')}"
            for _ in range(chance.randrange(1, 4))
        ]
        target += "?" + "&".join(pairs)
    method = chance.choice(METHODS)
    lines = [f"{method} {target[:4000]} HTTP/1.1", f"Host: {host}", "X-Forwarded-Proto: https"]
    for header in chance.sample(HEADERS, chance.randrange(4)):
        value = filled(header).replace("\r", "").replace("\n", "").replace("\x00", "")
        lines.append(value[:4000])
    body = b""
    if method in ("POST", "PUT", "PATCH"):
        body = filled(chance.choice(BODIES)).encode("utf-8", "surrogateescape")
        lines += [f"Content-Type: {chance.choice(TYPES)}", f"Content-Length: {len(body)}"]
    lines.append("Connection: close")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


async def status_of(port: int, request: bytes) -> int | None:
    """The status that `request` is answered with, None for none."""
    incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
    try:
        outgoing.write(request)
        answer = await asyncio.wait_for(incoming.read(), PATIENCE)
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else None
    except (OSError, TimeoutError):
        return None
    finally:
        outgoing.close()


async def ask_all(port: int, count: int, host: str) -> tuple[Counter, list[bytes]]:
    """How often each status came, and the requests that got a 5xx or nothing."""
    waiting, told, bad = iter(requests(count, host)), Counter(), []

    async def asker() -> None:
        for request in waiting:
            status = await status_of(port, request)
            told[status] += 1
            if status is None or status >= 500:
                bad.append(request)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(asker())
    return told, bad


def main(port: str, count: str = "6000") -> int:
    told, bad = asyncio.run(ask_all(int(port), int(count), "127.0.0.1"))
    for status, times in sorted(told.items(), key=str):
        print(f"{status}: {times}")
    for request in bad[:10]:
        print("BAD", request[:500])
    print(f"{sum(told.values())} requests, {len(bad)} answered 5xx or not at all")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
