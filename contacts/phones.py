"""Phone numbers: shown as written, linked where they can be understood."""

import re

import phonenumbers

# The words that go with a number: what it is, an extension (the link leaves it out), "or".
_WORDS = re.compile(
    r"(?:tel(?:ephone)?|phone|ph|mobile|mob|cell|hp|t|m|ext(?:ension)?|x|or|and"
    r"|전화(?:번호)?|휴대(?:전화|폰)|연락처|대표|내선(?:번호)?|또는)(?![^\W\d_])",
    re.IGNORECASE,
)
# What parts one number from the next, or from an extension: "02-730-3440~1, 3445".
_NEXT = re.compile(r"[,;~∼〜|·]|\s/\s|(?:\bext|내선|\bx|\bor\b|\band\b|또는)", re.IGNORECASE)
_DIGITS_OF_A_WHOLE_NUMBER = 7


def dial_link(written: str, country_code: str = "") -> str:
    """`tel:` address in E.164 of the number as `written`; "" when it is not a possible number.

    A number without a country prefix is read as one of `country_code` (ISO 3166-1; KR when
    empty, where the newsroom is). Of several numbers the first is dialled.
    """
    if re.search(r"[^\W\d_]", _WORDS.sub("", written)):
        return ""
    try:
        number = phonenumbers.parse(_first(written), country_code or "KR")
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"tel:{dialled}"


def _first(written: str) -> str:
    """The first number of several: up to a mark, or to a slash behind a whole number."""
    first = next((part for part in _NEXT.split(written) if re.search(r"\d", part)), "")
    before = first.partition("/")[0]
    whole = len(re.findall(r"\d", before)) >= _DIGITS_OF_A_WHOLE_NUMBER
    return before if whole else first
