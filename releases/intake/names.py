"""Whether a few words name a person, a desk or an office, or are running text."""

import re

_AGENCY = re.compile(r"(?:IOM\b|국제이주기구)", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:IOM|Office|Mission|Headquarters|HQ|Bureau|Unit|Division|Department|Delegation|"
    r"Embassy|Ministry|Centre|Center|Desk|Team|Section|Secretariat|Agency|Programme|Program|"
    r"Officer|Spokesperson|Assistant|Manager|Coordinator|Co-ordinator|Director|Chief|Head|"
    r"Consultant|Adviser|Advisor|Specialist|Intern|Press|Media|Communications?|Relations|"
    r"Information|Newsroom)\b"
    r"|국제이주기구|사무소|대표부|본부|지부|센터|대사관|담당|^(?:홍보|공보|대변인|언론|미디어|취재)"
    r"|[가-힣]{3,}[과부실팀]$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*"
    r"(?: (?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*|de|da|dos|del|la|van|der|von|bin|al|el)){1,4}"
    r"|[가-힣]{2,4}"
)
# "Name at IOM Libya", "Name, IOM Libya", "Name (IOM Libya)": the office beside the name.
_BESIDE = re.compile(
    r"(?P<first>.+?)(?:,? (?:at|of|from) |, ?| [-–—|/] | ?(?P<bracket>\())(?P<second>\S.*)"
)
_AND = re.compile(r" (?:and|or|및) | ?[,/&·] ?")

_MOST_OF_A_CONTACT_LINE = 90  # characters
_SENTENCE_ENDS = re.compile(r"\w{2,}[.!?]$")
_KOREAN_SENTENCE_ENDS = re.compile(r"(?:니다|세요|시오|바람|요망|[다요]\.)[.!]?$")
_SENTENCE_WITHIN = re.compile(r"\w{3,}[.!?] ")
_SMALL_LETTER = re.compile(r"(?!(?:de|da|dos|del|la|van|der|von|bin|al|el) )[a-z]")


def looks_like_agency(text: str) -> bool:
    """Whether `text` opens with the agency's own name."""
    return bool(_AGENCY.match(text))


def looks_like_office(text: str) -> bool:
    """Whether `text` names an office, a desk or a post rather than a person."""
    return bool(_OFFICE.search(text))


def looks_like_person(text: str) -> bool:
    """Whether `text` has the shape of a person's name and nothing of an office's."""
    return bool(_PERSON.fullmatch(text)) and not looks_like_office(text)


def people_of(words: str) -> list[tuple[str, str]]:
    """The names on a line, each with the office beside it; mostly one, without an office."""
    if beside := _BESIDE.fullmatch(words):
        first, second = beside["first"], beside["second"]
        if beside["bracket"]:
            second = second.removesuffix(")")
        if looks_like_office(second) and not looks_like_office(first):
            return [(name, second) for name in _names(first)]
        if looks_like_office(first) and looks_like_person(second):
            return [(second, first)]
    return [(name, "") for name in _names(words)]


def _names(words: str) -> list[str]:
    """Several names where each has a person's shape, else the words as they are."""
    names = _AND.split(words)
    return names if len(names) > 1 and all(map(looks_like_person, names)) else [words]


def reads_as_text(words: str) -> bool:
    """Whether `words` are too long for a contact, or a sentence or a part of one."""
    count = len(words.split())
    return bool(
        len(words) > _MOST_OF_A_CONTACT_LINE
        or (count >= 4 and _SENTENCE_ENDS.search(words))
        or (count >= 2 and _KOREAN_SENTENCE_ENDS.search(words))
        or (count >= 6 and _SENTENCE_WITHIN.search(words))
        or (count >= 4 and _SMALL_LETTER.match(words))
    )
