"""Contacts as vCards, for a phone's address book."""

from django.http import HttpResponse


def vcard(name: str, office: str, phone: str, email: str) -> str:
    """One contact as vCard 3.0 (RFC 2426), which every phone and mail program reads."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_text(name)}", f"N:{_text(name)};;;;"]
    if office:
        lines.append(f"ORG:{_text(office)}")
    if phone:
        lines.append(f"TEL;TYPE=WORK,VOICE:{_text(phone)}")
    if email:
        lines.append(f"EMAIL;TYPE=INTERNET:{_text(email)}")
    return "\r\n".join([*lines, "END:VCARD", ""])


def vcard_response(name: str, office: str, phone: str, email: str) -> HttpResponse:
    """The vCard as a file to be taken into an address book."""
    response = HttpResponse(
        vcard(name, office, phone, email), content_type="text/vcard; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="contact.vcf"'
    return response


def _text(value: str) -> str:
    """`value` escaped as RFC 2426 asks: it can neither end its line nor its field."""
    for mark in ("\\", ",", ";"):
        value = value.replace(mark, f"\\{mark}")
    return " ".join(value.split())
