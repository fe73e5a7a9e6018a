"""Words and signs: quotation marks, doubled words, leftovers of an old page, placeholders."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from contacts.bilingual import HANGUL
from releases.intake import layout

from .findings import Finding, Level, around, at_paragraph
from .sheet import Paragraph, Passage, Sheet

PAIRS = {
    "“": "”", "「": "」", "『": "』", "《": "》", "〈": "〉", "(": ")", "（": "）",
    "[": "]", "［": "］", "{": "}",
}  # fmt: skip
OPENS = {closing: opening for opening, closing in PAIRS.items()}
_MARK = re.compile("[" + re.escape("".join(PAIRS) + "".join(OPENS)) + "]")
# "1) 2) 가) a)" count things, and open nothing.
_ENUMERATOR = re.compile(r"(?:(?<=\s)|^)(?:\d{1,3}|[가-힣A-Za-z]|[ivx]{1,4})\)")
_FACE = re.compile(r"[:;]-?[()]")
# A straight mark behind a digit may be inches or seconds.
_INCHES = re.compile(r'(?<=\d)"')
# ‘90s, ‘til: an apostrophe that a word processor has turned round.
_TURNED_APOSTROPHE = re.compile(r"‘(?=\d|tis\b|til\b|em\b|n\b)", re.IGNORECASE)
# Straight single marks: what opens stands before a word, what closes stands behind one.
_SINGLE_OPENS = re.compile(r"(?:^|(?<=[\s(\[“\"]))'(?=[^\s'])")
_SINGLE_CLOSES = re.compile(r"(?<=[^\s'])'(?![A-Za-z])")


def quotation_marks_are_balanced(sheet: Sheet) -> Iterator[Finding]:
    """One finding a paragraph: a mark that is left over confuses those behind it."""
    for passage in sheet.passages:
        for place, paragraph in enumerate(passage.paragraphs):
            following = passage.paragraphs[place + 1 : place + 2]
            if (sign := _unbalanced(paragraph.text, following)) is None:
                continue
            mark, start = sign
            yield Finding(
                Level.WARNING,
                passage.field,
                at_paragraph(passage, paragraph, around(paragraph.text, start, start + 1)),
                _("The mark %(mark)s has no partner in this paragraph.") % {"mark": mark},
                _("Add the missing one, or delete the one that is left over."),
            )


def _unbalanced(text: str, following: tuple[Paragraph, ...]) -> tuple[str, int] | None:
    """The first mark of `text` without a partner and where it stands, None where all have one.

    A quotation that goes on in the next paragraph is opened again there and closed at its end
    alone, as English prints it.
    """
    hidden = []
    if ")" in text:
        hidden = [m.span() for pattern in (_ENUMERATOR, _FACE) for m in pattern.finditer(text)]
    open_marks: list[tuple[str, int]] = []
    for match in _MARK.finditer(text):
        place, mark = match.start(), match[0]
        if any(start <= place < end for start, end in hidden):
            # The bracket of an enumerator may still close one that was opened: "(a)".
            if mark == ")" and open_marks and open_marks[-1][0] == "(":
                open_marks.pop()
        elif mark in PAIRS:
            open_marks.append((mark, place))
        elif mark in OPENS:
            if not open_marks or open_marks[-1][0] != OPENS[mark]:
                return open_marks[-1] if open_marks else (mark, place)
            open_marks.pop()
    if open_marks:
        goes_on = (
            len(open_marks) == 1
            and open_marks[0][0] == "“"
            and bool(following)
            and following[0].text.startswith(("“", '"'))
        )
        return None if goes_on else open_marks[0]
    return _unbalanced_straight(text, following) or _unbalanced_single(text)


def _unbalanced_straight(text: str, following: tuple[Paragraph, ...]) -> tuple[str, int] | None:
    marks = [place for place, mark in enumerate(text) if mark == '"']
    if len(marks) % 2 == 0 or _INCHES.search(text):
        return None
    goes_on = text.startswith('"') and following and following[0].text.startswith('"')
    return None if goes_on else ('"', marks[-1])


def _unbalanced_single(text: str) -> tuple[str, int] | None:
    """‘ without any ’ behind it; ' in Korean that is opened more often than closed.

    ’ alone is an apostrophe, and ' is one wherever letters stand before it.
    """
    if "‘" not in text and "'" not in text:
        return None
    turned = {match.start() for match in _TURNED_APOSTROPHE.finditer(text)}
    opened = [place for place, mark in enumerate(text) if mark == "‘" and place not in turned]
    if len(opened) > text.count("’"):
        return "‘", opened[-1]
    if "'" not in text or not HANGUL.search(text):
        return None
    opens = [match.start() for match in _SINGLE_OPENS.finditer(text)]
    if len(opens) > len(_SINGLE_CLOSES.findall(text)):
        return "'", opens[-1]
    return None


_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]+(?:['’][^\W\d_]+)*) +\1(?![\w'’-])", re.IGNORECASE)
# What languages double on purpose.
_EMPHATIC = """
    had very so no many much more bye ha knock long far again really never out
    하나 하루 조금 구석 서로 따로 차츰 오래 길이 방울 굽이 송이 가지 너무 아주 매우 정말 더 차근
    두고 빨리 어서 자주 각각 아니 네 곳곳 골목 마디 순간 그때 대대 한땀 천천히 차례 조목 군데
    걸음 한걸음 다시 꼭 잘 참 왜 또 쑥쑥 겹겹 고루
"""


def no_word_is_doubled(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.passages:
        for paragraph in passage.paragraphs:
            for match in _DOUBLED.finditer(paragraph.text):
                first, second = match[0].split()
                if _is_meant(first, second, paragraph.text, match.start()):
                    continue
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    at_paragraph(passage, paragraph, around(paragraph.text, *match.span())),
                    _("“%(word)s” stands twice in a row.") % {"word": first},
                    _("Delete one of them."),
                )


def _is_meant(first: str, second: str, text: str, start: int) -> bool:
    if first.casefold() in _EMPHATIC.split():
        return True
    # Walla Walla, Bora Bora, and short forms such as "CAR CAR" of two columns of a table.
    return first[:1].isupper() and second[:1].isupper() and len(first) > 3


# Where a line of the old site's frame, or of a mail, has come along with the text.
def nothing_is_left_over(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.bodies:
        for paragraph in passage.paragraphs:
            line = next(filter(_is_frame, map(layout.fold, paragraph.text.split("\n"))), None)
            if line is not None:
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    at_paragraph(passage, paragraph, line),
                    _("This line is printed around the text by the page itself."),
                    _(
                        "Delete it from the text; contacts, dates and the headline have fields "
                        "of their own."
                    ),
                )


def _is_frame(line: str) -> bool:
    return not line.startswith(layout.PLAIN) and layout.reads_as_frame(line)


# Not "XXX" in "the Games of the XXX Olympiad", nor "추후" amid a sentence: "추후 발표할 예정이다".
_PLACEHOLDER = re.compile(
    # How each of them begins, which is quickly looked for.
    r"(?=[Xx\[<(추확수보번○◯●_?]|T[BKO]|FIX|to be )(?:"
    r"\bX{4,}\b|(?<![A-Za-z])x{3,}(?![A-Za-z])|\bXX(?=\s*(?:%|명|개|people|per\s?cent))"
    r"|(?<!the )\bXXX\b(?!\s+(?:Olympiad|Olympics))"
    r"|\b(?:TBC|TBD|TBA|TKTK|FIXME|TODO)\b"
    r"|\bto be (?:confirmed|inserted|added)\b(?=[^\[\](]{0,60}[\])])"
    r"|(?<!yet )\bto be confirmed(?=\.?$)"
    r"|[\[<(]\s*(?:insert|add|name|title|quote|date|number|photo|link|이름|직함|날짜|숫자|사진"
    r"|인용|제목|링크|내용|삽입)\s*(?:here|입력|삽입|추가|필요)?\s*[\]>)]"
    r"|추후\s*(?:공지|확정|기재|입력|기입|보완|작성|추가\s*예정)|(?:확인|수정|보완|번역)\s*(?:필요|요망)\s*[)\]]"
    r"|○{3,}|◯{3,}|●{3,}|_{4,}|\?{3,})"
)
_FILLER = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE)


def no_placeholder_stands(sheet: Sheet) -> Iterator[Finding]:
    """Filler text is surely wrong; the other signs of unfinished work may be meant."""
    for passage in sheet.passages:
        for paragraph in passage.paragraphs:
            yield from _placeholder(passage, paragraph)


def _placeholder(passage: Passage, paragraph: Paragraph) -> Iterator[Finding]:
    filler = _FILLER.search(paragraph.text)
    if match := filler or _PLACEHOLDER.search(paragraph.text):
        yield Finding(
            Level.ERROR if filler else Level.WARNING,
            passage.field,
            at_paragraph(passage, paragraph, around(paragraph.text, *match.span())),
            _("“%(words)s” keeps a place for something that is still to come.")
            % {"words": match[0]},
            _("Write what belongs there, or delete it."),
        )
