"""The fields of a release that was read, for somebody to mend before it is saved."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Mission
from contacts.text import clean_line, clean_text
from releases.intake.incoming import IncomingContact, IncomingRelease
from releases.intake.layout import MOST_VIEWS
from releases.intake.lines import Line, paragraphs_of
from releases.intake.offices import mission_of
from releases.intake.saving import Mended, differences, key_of
from releases.models import Release, ReleaseContact
from releases.prose import to_paragraphs

from .paste_reading import Field, Reading, ShownLine, contact_fields, fields_of

NO_MISSION, NEW_MISSION = "", "new"
FOUND_MISSION = "contacts.add_mission"
MOST_SHOWN = 300  # characters of what differs between two texts


def most(model: type, field: str) -> int:
    return model._meta.get_field(field).max_length


def choices_of_mission(place: str, may_found: bool) -> list[tuple[str, str]]:
    """What a place may stand for; a new mission only for whom `may_found` one."""
    none = _("none: the place stays in the text") if place else _("none")
    new = (NEW_MISSION, _("a new mission, “%(place)s”") % {"place": place or "…"})
    known = [(str(mission.pk), str(mission)) for mission in Mission.objects.by_name()]
    return [(NO_MISSION, none), *([new] if may_found else []), *known]


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class MendForm(forms.Form):
    """One release as it was read. What it is called here it is called in IncomingRelease."""

    take = forms.BooleanField(label=gettext_lazy("Save this release"), required=False)
    title = forms.CharField(
        label=gettext_lazy("headline"),
        max_length=most(Release, "title_ko"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    release_date = forms.DateField(label=gettext_lazy("release date"), widget=Day)
    place = forms.CharField(
        label=gettext_lazy("dateline"), max_length=most(Release, "dateline_ko"), required=False
    )
    mission = forms.ChoiceField(label=gettext_lazy("mission"), required=False)
    body = forms.CharField(
        label=gettext_lazy("text"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("A blank line parts two paragraphs."),
        strip=False,
    )
    contact_heading = forms.CharField(
        label=gettext_lazy("heading of the contacts"),
        max_length=most(Release, "contact_heading"),
        required=False,
        help_text=gettext_lazy("As it is to be printed; empty for the usual one."),
    )
    posted_on = forms.DateField(
        label=gettext_lazy("posted on"),
        widget=Day,
        required=False,
        help_text=gettext_lazy("The planned day. A draft is published by nobody but an editor."),
    )
    views = forms.IntegerField(
        label=gettext_lazy("views"), min_value=0, max_value=MOST_VIEWS, required=False
    )
    another = forms.BooleanField(
        label=gettext_lazy("Save it as a second release all the same"), required=False
    )

    def __init__(self, *args, place: str, may_found: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mission"].choices = choices_of_mission(place, may_found)

    def clean_title(self):
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("Write a headline in Korean or in English."))
        return title

    def clean_place(self):
        return clean_line(self.cleaned_data["place"])

    def clean_contact_heading(self):
        return clean_line(self.cleaned_data["contact_heading"])

    def clean_body(self):
        if not paragraphs(body := self.cleaned_data["body"]):
            raise ValidationError(_("A release needs a text below its headline."))
        return body

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("mission") == NEW_MISSION and not cleaned.get("place"):
            self.add_error("place", _("Say for which place the mission is to be founded."))
        return cleaned


class ContactForm(forms.Form):
    """One row of a contact block; a row that says nothing is none."""

    name = forms.CharField(
        label=gettext_lazy("name"), max_length=most(ReleaseContact, "name"), required=False
    )
    office = forms.CharField(
        label=gettext_lazy("office"), max_length=most(ReleaseContact, "office"), required=False
    )
    phone = forms.CharField(
        label=gettext_lazy("phone"), max_length=most(ReleaseContact, "phone"), required=False
    )
    email = forms.EmailField(
        label=gettext_lazy("email"), max_length=most(ReleaseContact, "email"), required=False
    )

    def clean(self):
        cleaned = super().clean()
        if any(cleaned.values()) and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Say who is to be called."))
        return cleaned


ContactRows = forms.formset_factory(ContactForm, extra=1)


def paragraphs(body: str) -> tuple[str, ...]:
    """The paragraphs of what was typed, as an import reads them."""
    found = paragraphs_of(list(Line.all_of(body)))
    return tuple("\n".join(line.text for line in lines) for lines in found)


def inputs_of(release: IncomingRelease) -> int:
    """How many inputs the form of `release` has."""
    return (
        len(MendForm.base_fields) + 4 + len(ContactForm.base_fields) * (len(release.contacts) + 1)
    )


class Offer:
    """A release that was read, with the form to mend it; `data` is what somebody has typed."""

    def __init__(
        self,
        reading: Reading,
        index: int,
        user: AbstractUser,
        data: QueryDict | None = None,
    ):
        self.read = release = reading.releases[index]
        self.prefix = f"r{index}"
        self.number = index + 1
        self.checked = False  # whether the page says what is wrong with what was typed
        self.lines = reading.shown(release, self.prefix)
        self.mission = mission_of(release.place) if release.place else None
        self.here = Release.objects.filter(source_key=self._key()).first()
        self.may_see_here = bool(
            self.here and Release.objects.on_the_desk_of(user).filter(pk=self.here.pk).exists()
        )
        typed = _typed(data, self.prefix) if data else None
        place = typed.get(f"{self.prefix}-place", "") if typed else release.place
        may_found = user.has_perm(FOUND_MISSION)
        self.form = MendForm(
            typed,
            prefix=self.prefix,
            initial=self._initial(),
            place=place,
            may_found=may_found,
        )
        self.rows = ContactRows(
            typed,
            prefix=f"{self.prefix}-contacts",
            initial=[
                {"name": c.name, "office": c.office, "phone": c.phone, "email": c.email}
                for c in release.contacts
            ],
        )
        self.cannot_found = bool(release.place and not self.mission and not may_found)
        self._fields = fields_of(release, self.mission)
        self._contact_fields = contact_fields(release)

    def _key(self) -> str:
        if self.read.release_date and self.read.title:
            return key_of(Mended(self.read, self.read))
        return ""

    def _initial(self) -> dict[str, Any]:
        read = self.read
        return {
            "take": self.here is None,
            "title": read.title,
            "release_date": read.release_date,
            "place": read.place,
            "mission": str(self.mission.pk) if self.mission else NO_MISSION,
            "body": "\n\n".join(read.paragraphs),
            "contact_heading": read.contact_heading,
            "posted_on": read.posted_on or read.release_date,
            "views": read.views,
        }

    @property
    def fields(self) -> list[tuple[Any, Field]]:
        """Each input but the boxes to tick, with how it was read."""
        names = [name for name in MendForm.base_fields if name not in ("take", "another")]
        return [(self.form[name], self._fields[name]) for name in names]

    @property
    def contact_rows(self) -> list[tuple[ContactForm, Field | None]]:
        """Each row of inputs, with how it was read; the last is for one more contact."""
        known = dict(enumerate(self._contact_fields))
        return [(form, known.get(index)) for index, form in enumerate(self.rows.forms)]

    @property
    def leftover(self) -> list[ShownLine]:
        """The lines that were not understood, or of which something was dropped."""
        return [line for line in self.lines if any(mark.is_warning for mark in line.marks)]

    @property
    def to_check(self) -> int:
        """How many fields somebody should look at."""
        fields = [*self._fields.values(), *self._contact_fields]
        unique = {id(field): field for field in fields}.values()
        return sum(field.sure == "check" for field in unique)

    @property
    def is_wanted(self) -> bool:
        another = self.here and self.form["another"].value()
        return bool(self.form["take"].value() or another)

    @property
    def is_valid(self) -> bool:
        return self.form.is_valid() and self.rows.is_valid()

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What is to be mended: id of the input, its label, the message."""
        found = []
        for form in [self.form, *self.rows.forms]:
            for name, messages in form.errors.items():
                label = form[name].label if name in form.fields else ""
                anchor = form[name].id_for_label if name in form.fields else ""
                found += [(anchor, label, message) for message in messages]
        found += [("", "", message) for message in self.rows.non_form_errors()]
        return found

    @property
    def mended(self) -> Mended:
        """What is wanted of it: as typed where that is valid, else as it was read."""
        if not (self.form.is_bound and self.is_valid):
            wanted = replace(self.read, posted_on=self.read.posted_on or self.read.release_date)
            return Mended(self.read, wanted, self.mission)
        cleaned = self.form.cleaned_data
        chosen = cleaned["mission"]
        wanted = replace(
            self.read,
            **{name: cleaned[name] for name in WANTED},
            paragraphs=self._paragraphs(cleaned["body"]),
            contacts=self._contacts(),
            remarks=(),
        )
        mission = (
            Mission.objects.filter(pk=chosen).first()
            if chosen not in (NO_MISSION, NEW_MISSION)
            else None
        )
        founding, another = chosen == NEW_MISSION, bool(self.here and cleaned["another"])
        return Mended(self.read, wanted, mission, founding, another)

    def _paragraphs(self, body: str) -> tuple[str, ...]:
        untouched = clean_text(body) == clean_text("\n\n".join(self.read.paragraphs))
        return self.read.paragraphs if untouched else paragraphs(body)

    def _contacts(self) -> tuple[IncomingContact, ...]:
        rows = [
            IncomingContact(**{name: clean_line(value) for name, value in row.items()})
            for row in self.rows.cleaned_data
            if any(row.values())
        ]
        return tuple(rows)

    @property
    def differing(self) -> list[tuple[str, Any, Any]]:
        """What the release that is here says otherwise: label, here, in the text."""
        if not self.may_see_here or not self.mended.wanted.paragraphs:
            return []
        return [
            (_label(name), *_in_words(name, here, wanted))
            for name, (here, wanted) in differences(self.here, self.mended).items()
        ]


def _typed(data: QueryDict, prefix: str) -> dict[str, str]:
    """What was typed for one release; below a contact that was added is room for one more."""
    typed = {name: value for name, value in data.items() if name.startswith(f"{prefix}-")}
    count = typed.get(name := f"{prefix}-contacts-TOTAL_FORMS", "")
    if count.isdecimal() and any(
        typed.get(f"{prefix}-contacts-{int(count) - 1}-{column}", "").strip()
        for column in ContactForm.base_fields
    ):
        typed[name] = str(int(count) + 1)
    return typed


WANTED = ["title", "release_date", "place", "contact_heading", "posted_on", "views"]


def _label(name: str) -> str:
    if name == "contacts":
        return _("contact block")
    return str(Release._meta.get_field(name).verbose_name)


def _in_words(name: str, here: Any, wanted: Any) -> tuple[str, str]:
    """Two values as a few words each; of texts, the paragraphs that only one of them has."""
    if name.startswith("body"):
        mine, theirs = to_paragraphs(here), to_paragraphs(wanted)
        return _opening(set(mine) - set(theirs), mine), _opening(set(theirs) - set(mine), theirs)
    return _words(name, here), _words(name, wanted)


def _opening(only: set[str], order: list[str]) -> str:
    found = " … ".join(paragraph for paragraph in order if paragraph in only)
    return Truncator(found).chars(MOST_SHOWN)


def _words(name: str, value: Any) -> str:
    if name == "contacts":
        return ", ".join(contact.name for contact in value)
    if name == "publish_at" and value:
        return f"{timezone.localdate(value):%Y-%m-%d}"
    return str(value or "")
