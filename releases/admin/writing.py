"""The editor for texts, in both languages."""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.forms.widgets import Media, Script
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from contacts.bilingual import LANGUAGES
from contacts.text import LineField
from releases.fields import CleanHTMLField, SummaryField
from releases.models import Release
from releases.prose import EXCERPT_LENGTH


def editor_words() -> dict[str, str]:
    """What the editor says, in the language of the desk."""
    return {
        "toolbar": _("Formatting"),
        "block": _("Kind of paragraph"),
        "paragraph": _("Paragraph"),
        "heading2": _("Large heading"),
        "heading3": _("Heading"),
        "heading4": _("Small heading"),
        "bold": _("Strong (Ctrl+B)"),
        "italic": _("Emphasis (Ctrl+I)"),
        "superscript": _("Superscript"),
        "subscript": _("Subscript"),
        "bullets": _("Bulleted list"),
        "numbers": _("Numbered list"),
        "quote": _("Quotation"),
        "link": _("Link (Ctrl+K)"),
        "table": _("Insert a table"),
        "undo": _("Undo (Ctrl+Z)"),
        "redo": _("Redo (Ctrl+Y)"),
        "addRow": _("Add a row"),
        "addColumn": _("Add a column"),
        "deleteRow": _("Delete the row"),
        "deleteColumn": _("Delete the column"),
        "headerRow": _("Header row"),
        "deleteTable": _("Delete the table"),
        "linkTitle": _("Link"),
        "linkAddress": _("Web or email address"),
        "linkText": _("Words to show"),
        "linkSet": _("Set the link"),
        "linkRemove": _("Remove the link"),
        "linkRefused": _("Write an address, such as https://example.org or desk@example.org."),
        "cancel": _("Cancel"),
    }


def tab_words() -> dict[str, str]:
    """What the tabs of the languages say."""
    return {
        "languages": _("Languages"),
        "beside": _("Side by side"),
        "empty": _("empty"),
        "error": _("has an error"),
    }


def length_words(limit: int) -> str:
    """How a length is told; "{}" stands for it."""
    return _("{} of %(limit)d characters") % {"limit": limit}


class Editor(AdminTextareaWidget):
    """A text area that static/js/desk/editor.js puts an editor of `kind` in place of.

    Without JavaScript the HTML itself is edited; the field cleans whatever comes.
    """

    def __init__(self, kind: str, attrs: dict | None = None):
        self.kind = kind
        super().__init__(attrs)

    @property
    def media(self):
        return Media(
            css={"all": ["django_prose_editor/material-icons.css", "css/desk/writing.css"]},
            js=[
                Script(f"js/desk/{name}.js", type="module")
                for name in ("editor", "lengths", "languages")
            ],
        )

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-editor": self.kind,
            "data-words": json.dumps(editor_words(), ensure_ascii=False),
            "data-languages-words": json.dumps(tab_words(), ensure_ascii=False),
        }
        return context


class HTMLFormField(forms.CharField):
    """HTML in a form; what `gate` would store the same has not changed."""

    def __init__(self, *, gate, **kwargs):
        self.gate = gate
        super().__init__(**kwargs)

    def has_changed(self, initial, data):
        return self.gate(initial or "") != self.gate(data or "")


# What a page in a language is made of, in the order of the form, and how its absence is told.
PARTS = {
    "title": lambda: _("no headline"),
    "summary": lambda: _("no summary"),
    "body": lambda: _("no text"),
}


def lacking(release: Release | None, lang: str) -> str:
    """What `release` lacks in `lang`, in words; empty when nothing or everything is missing."""
    missing = [told() for part, told in PARTS.items() if not getattr(release, f"{part}_{lang}", "")]
    return "" if len(missing) == len(PARTS) else " · ".join(missing)


def _as_read(name: str):
    """A column of the form that shows the HTML of field `name` as a reader sees it."""

    @admin.display(description=Release._meta.get_field(name).verbose_name)
    def shown(self, release: Release) -> SafeString:
        # A CleanHTMLField: what is stored has passed the gate.
        return mark_safe(getattr(release, name))  # nosec B308 # the gate cleaned it

    return shown


class Writing:
    """Part of `ReleaseAdmin`."""

    # What somebody sees who may only look: the stock admin would show the tags.
    read_summary_ko = _as_read("summary_ko")
    read_body_ko = _as_read("body_ko")
    read_summary_en = _as_read("summary_en")
    read_body_en = _as_read("body_en")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        part, _sep, lang = db_field.name.rpartition("_")
        if lang not in LANGUAGES or part not in PARTS:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        attrs = {"data-missing": PARTS[part](), "lang": lang}
        if isinstance(db_field, SummaryField):
            attrs |= _length(EXCERPT_LENGTH)
            kwargs["widget"] = Editor("summary", attrs | {"rows": 3})
        elif isinstance(db_field, CleanHTMLField):
            kwargs["widget"] = Editor("text", attrs | {"rows": 20})
        elif isinstance(db_field, LineField):
            attrs |= _length(db_field.max_length)
            kwargs["widget"] = AdminTextInputWidget(attrs)
        if isinstance(db_field, CleanHTMLField):
            kwargs |= {"form_class": HTMLFormField, "gate": db_field.gate}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """As declared; each language says what it lacks, for whoever has no script."""
        found = []
        may_change = not obj or self.has_change_permission(request, obj)
        for name, options in super().get_fieldsets(request, obj):
            if not may_change:
                fields = [
                    f"read_{field}" if hasattr(self, f"read_{field}") else field
                    for field in options["fields"]
                ]
                options = options | {"fields": fields}
            lang = next((lang for lang in LANGUAGES if f"title_{lang}" in options["fields"]), None)
            if lang and obj and (told := lacking(obj, lang)):
                # The admin writes a description as it stands.
                options = options | {"description": format_html("{}", told)}
            found.append((name, options))
        return found


def _length(limit: int) -> dict[str, str]:
    return {"data-limit": str(limit), "data-length-words": length_words(limit)}
