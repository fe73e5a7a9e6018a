"""Phone numbers: shown as written, linked where they can be understood."""

import phonenumbers


def dial_link(written: str, country_code: str = "") -> str:
    """`tel:` address in E.164 of the number as `written`; "" when it is not a possible number.

    A number without a country prefix is read as one of `country_code` (ISO 3166-1; KR when
    empty, where the newsroom is).
    """
    try:
        number = phonenumbers.parse(written, country_code or "KR")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"tel:{dialled}"
