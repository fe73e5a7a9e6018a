"""The forms of “Move in”: an export, and what is wanted of it."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Mission
from releases.intake.elsewhere import Source
from releases.intake.offices import mission_of
from releases.intake.saved_pages import is_folder_of_pages
from releases.models import Move, Task
from releases.moving_in import places
from releases.moving_in.choices import Choices
from releases.moving_in.sources import Contents

MOST_BYTES = 100 * 2**20  # of a file that is sent; nginx.conf lets no more through
MOST_TERMS = 200  # that are asked about, those with most posts
BY_NAME = "="  # a term goes by its name


def _is_export(path: Path) -> bool:
    """Whether it may be one: a file, or a folder of saved pages, but not one of pictures."""
    return path.is_file() or is_folder_of_pages(path)


class ExportForm(forms.Form):
    """An export, sent or chosen among those that lie on the server."""

    file = forms.FileField(label=gettext_lazy("Export to send"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("or one that lies on the server"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.moving_dir = settings.MOVING_DIR
        found = [entry.name for entry in places.offered() if _is_export(entry)]
        self.fields["place"].choices = [("", "–"), *((name, name) for name in found)]

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(
                _("It is too large to be sent: %(most)d MB at most. Put it on the server instead."),
                params={"most": MOST_BYTES // 2**20},
            )
        return file

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("place")):
            raise ValidationError(_("Send an export, or choose one on the server."))
        return cleaned

    def save(self, by: AbstractUser, language: str) -> Move:
        """The move, whose file is kept and which is asked to be looked over. Raises OSError."""
        file, place = self.cleaned_data["file"], self.cleaned_data["place"]
        now = timezone.now()
        move = Move.objects.create(
            name=(Path(file.name).name if file else place)[:255],
            place=place,
            made_by=by,
            choices=Choices(media=places.uploads()).as_json(),
            task=Task.LOOK,
            language=language,
            asked_at=now,
            # Nobody may begin before its file is there.
            ended_at=now if file else None,
        )
        if file:
            try:
                places.keep(move, file)
            except OSError:
                places.forget(move)
                move.delete()
                raise
            move.ended_at = None
            move.save(update_fields=["ended_at"])
        return move


class ChoicesForm(forms.Form):
    """What is wanted of an export: what its terms stand for, where its pictures are, how far to go.

    A field for each term that is asked about is named by its place: term-0, term-1, …
    """

    media = forms.ChoiceField(label=gettext_lazy("Pictures and files"), required=False)
    address = forms.URLField(
        label=gettext_lazy("or fetch them from this address"),
        required=False,
        assume_scheme="https",
        max_length=300,
        help_text=gettext_lazy("As https://old.example.org/wp-content/uploads; superusers alone."),
    )
    with_pages = forms.BooleanField(label=gettext_lazy("Pages as well as posts"), required=False)
    create_missions = forms.BooleanField(
        label=gettext_lazy("Found a mission for a place that none goes by"), required=False
    )
    overwrite = forms.BooleanField(
        label=gettext_lazy(
            "Take the export’s text even where an editor has changed a release here"
        ),
        required=False,
    )

    def __init__(self, contents: Contents, choices: Choices, may_fetch: bool, data=None):
        is_address = choices.media.startswith(("http://", "https://"))
        super().__init__(
            data,
            initial={
                "media": "" if is_address else choices.media,
                "address": choices.media if is_address else "",
                "with_pages": choices.with_pages,
                "create_missions": choices.create_missions,
                "overwrite": choices.overwrite,
            },
        )
        self.before = choices
        self.terms = sorted(contents.terms, key=lambda term: (-term[1], term[0]))
        self.asked = self.terms[:MOST_TERMS]
        self._add_terms(choices)
        folders = [entry.name for entry in places.offered() if entry.is_dir()]
        if self.initial["media"] and self.initial["media"] not in folders:
            folders.append(self.initial["media"])
        self.fields["media"].choices = [
            ("", _("none: texts alone")),
            *((name, name) for name in folders),
        ]
        if not may_fetch:
            del self.fields["address"]
        if contents.kind != Source.WORDPRESS:
            del self.fields["with_pages"]
        if contents.kind not in list(Source):
            for name in ("media", "address"):
                self.fields.pop(name, None)
        if contents.kind == "takeout":
            del self.fields["create_missions"]

    def _add_terms(self, choices: Choices) -> None:
        missions = [(mission.slug, str(mission)) for mission in Mission.objects.all()]
        known = {slug for slug, _name in missions}
        for index, (term, _count) in enumerate(self.asked):
            found = mission_of(term)
            by_name = _("by its name: %(mission)s") if found else _("by its name: none yet")
            chosen = choices.missions.get(term, BY_NAME)
            self.fields[f"term-{index}"] = forms.ChoiceField(
                label=term,
                choices=[
                    (BY_NAME, by_name % {"mission": found}),
                    ("", _("no mission")),
                    *missions,
                ],
                initial=chosen if chosen in known or not chosen else BY_NAME,
                required=False,
            )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("media") and cleaned.get("address"):
            self.add_error("address", _("Choose a folder, or an address."))
        return cleaned

    @property
    def term_rows(self) -> Iterator[tuple[BoundField, int]]:
        """The field of each term that is asked about, and how many posts have it."""
        for index, (_term, count) in enumerate(self.asked):
            yield self[f"term-{index}"], count

    @property
    def further(self) -> int:
        """How many terms are not asked about: they go by their names."""
        return len(self.terms) - len(self.asked)

    @property
    def options(self) -> list[BoundField]:
        return [field for field in self if not field.name.startswith("term-")]

    @cached_property
    def choices(self) -> Choices:
        """What is wanted; of a valid form."""
        chosen = dict(self.before.missions)
        for index, (term, _count) in enumerate(self.asked):
            slug = self.cleaned_data[f"term-{index}"]
            if slug == BY_NAME:
                chosen.pop(term, None)
            else:
                chosen[term] = slug
        return Choices(
            missions=chosen,
            with_pages=self.cleaned_data.get("with_pages", False),
            create_missions=self.cleaned_data.get("create_missions", False),
            overwrite=self.cleaned_data.get("overwrite", False),
            media=self.cleaned_data.get("media") or self.cleaned_data.get("address") or "",
        )
