"""Two people on one release: nobody’s words are lost.

A form carries what it was made from: the newest version, the last step and the state. Saving
asks under the lock whether that still holds. Where it doesn't, nothing is saved and a page
shows what was there, what others made of it and what was typed, and sends all of it back
with the editor's choices: nothing of it waits in a session or in the browser.
"""

import json
import re
from typing import Any, NamedTuple, Self

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Max
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases import correcting, versions, workflow
from releases.differences import Side, marked, merged_blocks, side
from releases.models import Release, State
from releases.people import name_of
from releases.search import index
from releases.versions import FIELDS, Content, Kind

from .typed import ROWS, added, as_rows, as_sent, number, rebased, removed, typed
from .words import DONE

MADE_FROM, DRAFT, RESOLVE = "_made_from", "_draft", "_resolve"
OURS = re.compile(r"(csrfmiddlewaretoken|_made_from|_resolve|_save|_continue|_addanother)\Z")
CHOICES = re.compile(r"(choose|mine|merged|added)-")
DRAFT_ID = re.compile(r"[0-9a-f-]{8,40}")
NUMBERS = ("is_decorative", "crop_x", "crop_y")  # cells that hold something else than words
REMOVED = gettext_lazy(
    "“%(row)s” was removed by somebody else meanwhile and is not saved; the history can bring it"
    " back."
)
CONFIRMED_FOR = 24 * 3600  # seconds: until the browser has thrown its copy away
BLOCK_OF_HTML = re.compile(r".*?</(?:p|h[1-6]|li|ul|ol|table|blockquote|figure)>|.+\Z", re.DOTALL)


class MadeFrom(NamedTuple):
    """What a form was made from: newest version, last step but for remarks, and state."""

    version: int
    step: int
    state: str

    @classmethod
    def of(cls, release: Release) -> Self:
        steps = release.steps.moves()
        last = steps.aggregate(Max("pk"))["pk__max"] or 0
        return cls(versions.newest_number(release), last, str(release.state))

    @classmethod
    def read(cls, text: str) -> Self | None:
        match = re.fullmatch(r"(\d{1,9})\.(\d{1,18})\.([a-z_]+)", text)
        return cls(int(match[1]), int(match[2]), match[3]) if match else None

    def __str__(self) -> str:
        return f"{self.version}.{self.step}.{self.state}"


class Saving:
    """Part of `ReleaseAdmin`."""

    @property
    def media(self):
        return super().media + forms.Media(
            js=[Script("js/desk/keep.js", type="module")], css={"all": ["css/desk/keeping.css"]}
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = extra_context or {}
        context["draft"] = request.POST.get(DRAFT, "")
        if object_id is None or request.method != "POST":
            if release := _release(object_id):
                context["made_from"] = MadeFrom.of(release)
            answer = super().changeform_view(request, object_id, form_url, context)
            return _confirm(request, answer)
        with transaction.atomic():
            return self._save_or_tell(request, object_id, form_url, context)

    def _save_or_tell(self, request, object_id, form_url, context) -> HttpResponse:
        release = _release(object_id, lock=True)
        came_from_form = MADE_FROM in request.POST
        if release is None:
            gone = versions.deleted_one(request.user, number(unquote(object_id)))
            if gone and came_from_form:
                return self._too_late(request, Release(), gone.version.content, gone=gone)
            return super().changeform_view(request, object_id, form_url, context)
        if self.get_object(request, unquote(object_id)) is None:
            return super().changeform_view(request, object_id, form_url, context)
        if not self.has_change_permission(request, release):
            if came_from_form and self.has_view_permission(request, release):
                return self._too_late(request, release, versions.content_of(release))
            return super().changeform_view(request, object_id, form_url, context)
        if not versions.newest_number(release):
            # It was never saved at the desk: what it says becomes the first version.
            versions.keep(release)
        if RESOLVE in request.POST:
            form = self._form(request, release)
            resolution = _Resolution(request, form, release)
            if resolution.is_open:
                return self._conflict(request, release, resolution)
            request.POST = resolution.as_sent()
        else:
            resolution = None
        now, made_from = MadeFrom.of(release), MadeFrom.read(request.POST.get(MADE_FROM, ""))
        if made_from and not made_from.version:
            made_from = made_from._replace(version=1)
        if made_from != now:
            return self._conflict(request, release)
        if now.state == State.PUBLIC:
            # What the public read until now is known as such, also where it was written past
            # the desk.
            versions.keep(release)
            now = MadeFrom.of(release)
            request.is_seen_by_the_public = self._is_seen(request, release)
        context["made_from"] = now
        with index.once():  # its rows are saved one by one
            answer = super().changeform_view(request, object_id, form_url, context)
        if resolution and isinstance(answer, HttpResponseRedirect):
            for line in resolution.gone():
                self.message_user(request, REMOVED % {"row": line}, messages.WARNING)
        return _confirm(request, answer)

    def _is_seen(self, request: HttpRequest, release: Release) -> bool:
        """Whether what was sent changes what a reader of the public page sees."""
        form, now = self._form(request, release), as_rows(versions.content_of(release))
        return correcting.shows(now, typed(request, form, now))

    def _form(self, request: HttpRequest, release: Release) -> forms.ModelForm:
        fields = [field.name for field in FIELDS]
        # With all its fields, also for somebody who may no longer change it: they did type them.
        form = self.get_form(request, release, change=False, fields=fields)
        return form(request.POST, request.FILES, instance=release)

    def _conflict(
        self, request: HttpRequest, release: Release, resolution: "_Resolution | None" = None
    ) -> HttpResponse:
        """Show base, theirs and mine, and ask; nothing has been saved."""
        form = self._form(request, release)
        made_from = MadeFrom.read(request.POST.get(MADE_FROM, ""))
        theirs = as_rows(versions.content_of(release))
        if resolution:
            base, mine, new = resolution.base, resolution.mine, resolution.added
        else:
            base = as_rows(_content(release, made_from.version or 1)) if made_from else {}
            mine = typed(request, form, theirs, base)
            new = added(request, mine, base)
        items = [
            _item(
                name,
                label,
                base.get(name),
                theirs[name],
                mine[name],
                new.get(name, []),
                form,
                resolution,
            )
            for name, label in versions.labels()
            if name in theirs and not theirs[name] == base.get(name) == mine[name]
        ]
        items = [item for item in items if item]
        since = resolution.since if resolution else made_from
        context = {
            **self._what_happened(request.user, release, since),
            "items": items,
            "base_json": json.dumps(base),
            "since": since,
            "made_from": MadeFrom.of(release),
            "draft": request.POST.get(DRAFT, ""),
            "passed_on": _passed_on(request, form),
            "refused": [
                (request.FILES[field].name, error.messages)
                for field, error in getattr(request, "refused", {}).items()
            ],
            "is_open": bool(resolution),
            "media": self.media + form.media,
        }
        return self._conflict_page(request, release, _("Somebody saved before you"), context, 409)

    def _too_late(self, request, release, theirs: Content, gone=None) -> HttpResponse:
        """Show what was typed where it can no longer be saved."""
        form, theirs = self._form(request, release), as_rows(theirs)
        mine = typed(request, form, theirs)
        texts = [
            {
                "label": label,
                "lang": versions.language_of_field(name),
                "runs": marked(
                    versions.text_of(name, theirs[name]), versions.text_of(name, mine[name])
                ),
            }
            for name, label in versions.labels()
            if name in theirs and theirs[name] != mine[name]
        ]
        context = {"texts": texts, "gone": gone, "media": self.media, "draft": ""}
        if gone:
            context["deleter"] = name_of(gone.step.by)
            return self._conflict_page(
                request, release, _("It was deleted while you were writing"), context, 409
            )
        made_from = MadeFrom.read(request.POST[MADE_FROM])
        context |= self._what_happened(request.user, release, made_from)
        return self._conflict_page(request, release, _("You may no longer change it"), context, 403)

    def _what_happened(self, user, release: Release, since: MadeFrom | None) -> dict[str, Any]:
        """Who saved and who moved the release on since then."""
        saved = release.versions.filter(number__gt=since.version or 1 if since else 0)
        steps = release.steps.filter(pk__gt=since.step) if since else release.steps.none()
        if not workflow.may_see_the_log(user, release):
            saved, steps = saved.none(), steps.none()
        moved = since is not None and since.state != release.state
        return {
            "saved": [(name_of(v.saved_by), v) for v in saved.select_related("saved_by")],
            "steps": [
                (name_of(step.by), DONE.get(step.verb, step.verb), step.at)
                for step in steps.moves().select_related("by")
            ],
            "state": release.state,
            "state_before": State(since.state) if moved and since.state in State else None,
        }

    def _conflict_page(self, request, release, title, context, status) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(release) if release.pk else None,
            "release": release,
            "opts": self.opts,
            "desk_user": request.user.pk,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, "admin/releases/release/conflict.html", context, status=status
        )


class _Resolution:
    """What came back from the page of a conflict."""

    def __init__(self, request: HttpRequest, form: forms.ModelForm, release: Release):
        self.request, self.form, self.release = request, form, release
        self.sent = request.POST
        self.made_from = MadeFrom.read(self.sent.get(MADE_FROM, ""))
        self.since = MadeFrom.read(self.sent.get("_since", ""))
        base = _json(self.sent.get("_base", ""))
        base = base if isinstance(base, dict) else {}
        self.base = {name: value for name, value in base.items() if _fits(name, value)}
        if self.made_from == MadeFrom.of(release):
            self.theirs = as_rows(versions.content_of(release))
        else:
            # Somebody was faster once more: what was chosen was chosen over that version.
            version = self.made_from.version if self.made_from else 0
            self.theirs = as_rows(_content(release, version))
        self.mine = self.theirs | self._read("mine")
        self.added = self._read("added")

    def _read(self, what: str) -> Content:
        return {
            name: value
            for name in self.theirs
            if f"{what}-{name}" in self.sent
            and _fits(name, value := _json(self.sent[f"{what}-{name}"]))
        }

    @property
    def is_open(self) -> bool:
        """Whether something that both changed has not been chosen yet."""
        return any(
            f"mine-{name}" in self.sent and self.chosen(name) not in self._offered(name)
            for name in self.theirs
        )

    def chosen(self, name: str) -> str:
        return self.sent.get(f"choose-{name}", "")

    def merged(self, name: str) -> str | None:
        """The text that was edited by hand, None where none was offered."""
        if name not in self.form.fields:
            return None
        widget = self.form.fields[name].widget
        return widget.value_from_datadict(self.sent, self.request.FILES, f"merged-{name}")

    def _offered(self, name: str) -> tuple[str, ...]:
        more = [] if self.merged(name) is None else ["merged"]
        return ("theirs", "mine", *more, *(["both"] if self.added.get(name) else []))

    def _chosen_rows(self, name: str) -> list[dict[str, Any]]:
        theirs = self.theirs[name]
        if self.chosen(name) == "both":
            return theirs + [row for row in self.added.get(name, []) if row not in theirs]
        if ROWS[name].has_file:
            return rebased(self.base.get(name) or [], theirs, self.mine[name])
        return self.mine[name]

    def gone(self) -> list[str]:
        """The rows that were changed here and removed there."""
        return [
            line
            for name, rows in ROWS.items()
            if rows.has_file and name in self.theirs
            for line in _gone(name, self.base.get(name), self.theirs[name], self.mine[name])
        ]

    def as_sent(self) -> QueryDict:
        """The ordinary form with everything chosen, as if it had been typed there."""
        content = dict(self.theirs)
        for name in content:
            if (choice := self.chosen(name)) in ("mine", "both") and name in ROWS:
                content[name] = self._chosen_rows(name)
            elif choice == "mine":
                content[name] = self.mine[name]
            elif choice == "merged":
                content[name] = self.merged(name)
        sent = as_sent(self.form, self.release, content)
        for name, values in _passed_on(self.request, self.form):
            sent.setlist(name, values)
        sent[MADE_FROM] = self.sent.get(MADE_FROM, "")
        sent["_continue"] = "1"
        return sent


def _item(name, label, base, theirs, mine, new, form, resolution) -> dict[str, Any] | None:
    """A field or block as the page shows it, None where both made the same of it."""
    if theirs == mine:
        return None
    whose = side(base, theirs, mine)
    if mine == base:
        whose = Side.THEIRS
    texts = [versions.text_of(name, value) for value in (base, theirs, mine)]
    item = {
        "name": name,
        "label": label,
        "lang": versions.language_of_field(name),
        "base": texts[0],
        "theirs": marked(texts[0], texts[1]),
        "mine": marked(texts[0], texts[2]),
        "mine_json": json.dumps(mine),
        "is_both": whose == Side.BOTH,
        "chosen": "" if whose == Side.BOTH else str(whose),
        "merged": None,
        "added_json": json.dumps(new) if new and whose == Side.BOTH else "",
        "gone": [],
    }
    if name in ROWS and ROWS[name].has_file:
        item["keeps_untouched"] = whose == Side.BOTH
        item["is_theirs_alone"] = mine == base
        item["gone"] = [REMOVED % {"row": line} for line in _gone(name, base, theirs, mine)]
    if resolution:
        item["chosen"] = resolution.chosen(name)
    field = next((field for field in FIELDS if field.name == name), None)
    if (
        whose == Side.BOTH
        and field
        and field.kind in (Kind.TEXT, Kind.HTML)
        and name in form.fields
    ):
        proposal = resolution.merged(name) if resolution else None
        if proposal is None:
            proposal = _proposal(field.kind, base, theirs, mine)
        item["merged"] = form.fields[name].widget.render(
            f"merged-{name}", proposal, {"id": f"id_merged-{name}"}
        )
    return item


def _gone(name: str, base: Any, theirs: Any, mine: Any) -> list[str]:
    return [versions.text_of(name, [row]) for row in removed(base or [], theirs, mine)]


def _proposal(kind: Kind, base: str | None, theirs: str, mine: str) -> str:
    """Both people's paragraphs where they changed different ones, else the editor's own."""
    if kind == Kind.HTML and base:
        parts = [BLOCK_OF_HTML.findall(text) for text in (base, theirs, mine)]
        stripped = [[part.strip() for part in text if part.strip()] for text in parts]
        if (both := merged_blocks(*stripped)) is not None:
            return "\n".join(both)
    return mine


def _passed_on(request: HttpRequest, form: forms.ModelForm) -> list[tuple[str, list[str]]]:
    """What was sent besides the fields and blocks of versions."""
    known = [rf"{re.escape(rows.prefix)}-" for rows in ROWS.values()]
    known += [rf"{re.escape(field.name)}(_\d+)?\Z" for field in FIELDS if field.name in form.fields]
    known += [r"_base\Z", r"_since\Z"]
    pattern = re.compile("|".join(known))
    return [
        (name, request.POST.getlist(name))
        for name in request.POST
        if not (OURS.match(name) or CHOICES.match(name) or pattern.match(name))
    ]


def _content(release: Release, at: int) -> Content:
    version = release.versions.filter(number=at).first()
    return version.content if version else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _fits(name: str, value: Any) -> bool:
    """Whether a browser sent for `name` what we had written into the page."""
    if name not in ROWS:
        kinds = {field.name: int if field.kind == Kind.MISSION else str for field in FIELDS}
        return name in kinds and isinstance(value, kinds[name] | None)
    return isinstance(value, list) and all(
        isinstance(row, dict) and set(row) == ROWS[name].cells and all(map(_fits_in, row.items()))
        for row in value
    )


def _fits_in(cell: tuple[str, Any]) -> bool:
    name, value = cell
    if name in ("id", "contact"):
        return value is None or type(value) is int
    return isinstance(value, str | int | float) and (name in NUMBERS or isinstance(value, str))


def _release(object_id: str | None, lock: bool = False) -> Release | None:
    """The release of an address, seen or not; None when there is none."""
    releases = Release.objects.select_for_update() if lock else Release.objects
    return releases.filter(pk=number(unquote(object_id or ""))).first()


def _confirm(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser that what it keeps of this form has been saved."""
    draft = request.POST.get(DRAFT, "")
    is_saved = request.method == "POST" and isinstance(response, HttpResponseRedirect)
    if is_saved and DRAFT_ID.fullmatch(draft):
        response.set_cookie(
            f"kept.{draft}",
            "saved",
            max_age=CONFIRMED_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
