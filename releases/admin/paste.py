"""Paste a release: read a text, show what it was read as, let it be mended, save drafts.

Nothing is kept on the server between two steps. Each page holds the whole text and all that
was typed, so that whatever goes wrong the next answer still has it; `static/js/desk/paste.js`
keeps a copy of the text in the browser as well.
"""

from collections import defaultdict
from typing import NamedTuple

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from contacts.text import clean_text
from releases.intake.files import UnreadableFile, text_of
from releases.intake.layout import fold
from releases.intake.saving import OUTCOMES, Drafts, Outcome, Saved
from releases.models import Release

from .paste_forms import Offer, inputs_of
from .paste_reading import Reading

# The page holds a text three times (as read, as changed, in the fields), and a request may
# hold 2.5 MB and 1,000 inputs: what is longer is read in several goes.
MOST_CHARACTERS = 200_000
MOST_BYTES = 1_000_000  # of a file
MOST_AT_ONCE = 20  # releases
MOST_INPUTS = 900
MOST_DRAINED = 64 * 2**20  # bytes of a request too large that are read to answer it

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class Reported(NamedTuple):
    """What became of one release; `release` is the one that is here, for whom may see it."""

    saved: Saved
    label: str
    release: Release | None

    @property
    def is_refused(self) -> bool:
        return self.saved.outcome == Outcome.REFUSED


class Refused(CsrfViewMiddleware):
    """Says why a request is not believed to come from our own page, instead of answering it."""

    def _reject(self, request, reason):
        return reason


class Pasting:
    """Part of `ReleaseAdmin`."""

    def get_urls(self):
        # Requests are checked in the view itself, which hands back what was typed.
        def view(request):
            return self.paste_view(request)

        view.csrf_exempt = True
        view = never_cache(view)
        return [path("paste/", view, name="releases_release_paste"), *super().get_urls()]

    def paste_view(self, request: HttpRequest) -> HttpResponse:
        """Everything that can go wrong before the text is looked at."""
        may_enter = self.admin_site.has_permission(request)
        if request.method != "POST":
            return self.admin_site.admin_view(self.empty_paste_view)(request)
        try:
            request.POST  # noqa: B018
        except (*TOO_LARGE, UnreadablePostError):
            if not (may_enter and self.has_add_permission(request)):
                raise
            _drain(request)
            return self._page(request, "", status=413, problems=[_too_large()])
        if not may_enter:
            return self._kept(request, _("You are no longer signed in."), sign_in=True)
        if Refused(lambda request: None).process_view(request, _believed, (), {}):
            return self._kept(request, _("Your sign-in has changed since this page was opened."))
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._answer(request)

    def empty_paste_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._page(request, "")

    # What was sent

    def _answer(self, request: HttpRequest) -> HttpResponse:
        text, notes = request.POST.get("text", ""), []
        if upload := request.FILES.get("file"):
            if upload.size > MOST_BYTES:
                return self._unread(request, text, _large_file(), 413)
            try:
                found, encoding = text_of(upload.name, upload.read())
            except UnreadableFile as error:
                return self._unread(request, text, str(error), 422)
            if encoding != "UTF-8":
                notes = [_("The file was read as %(encoding)s.") % {"encoding": encoding}]
            # What stands in the box is not lost to the file.
            text = f"{text.rstrip()}\n\n{found}" if text.strip() else found
        if len(text) > MOST_CHARACTERS:
            return self._unread(request, text, _too_long(), 413)
        if not any(map(fold, clean_text(text).split("\n"))):
            return self._unread(request, text, _("There is no text to read yet."), 422)

        wants_to_save = request.POST.get("action") == "save"
        was_read = request.POST.get("read_text")
        if wants_to_save and was_read is not None and _same(was_read, text):
            return self._save(request, text)
        if wants_to_save:
            notes.append(
                _("The original text was changed, so it was read again. Nothing is saved yet.")
            )
        reading = Reading(text)
        return self._page(request, text, reading, _carried(request.POST, reading), notes=notes)

    def _unread(self, request: HttpRequest, text: str, problem: str, status: int) -> HttpResponse:
        """The text as it was sent, with what is wrong; what was mended is there still."""
        return self._page(
            request, text, problems=[problem], sent=_sent(request.POST), status=status
        )

    def _save(self, request: HttpRequest, text: str) -> HttpResponse:
        reading = Reading(text)
        typed = dict.fromkeys(range(len(reading.releases)), request.POST)
        offers = self._offers(request, reading, typed)
        wanted = [offer for offer in offers if offer.is_wanted]
        problems = []
        if not wanted:
            problems.append(_("No release is chosen. Nothing was saved."))
        if faulty := [offer for offer in wanted if not offer.is_valid]:
            problems.append(
                ngettext(
                    "%(count)d release needs mending. Nothing was saved.",
                    "%(count)d releases need mending. Nothing was saved.",
                    len(faulty),
                )
                % {"count": len(faulty)}
            )
        if problems:
            for offer in wanted:
                offer.checked = True
            return self._page(request, text, reading, typed, offers, problems=problems, status=422)
        drafts = Drafts(author=request.user)
        done = [(offer, drafts.save(offer.mended)) for offer in wanted]
        for _offer, saved in done:
            if saved.outcome == Outcome.CREATED:
                self.log_addition(request, saved.release, [{"added": {}}])
        gone = [offer.read for offer, saved in done if saved.outcome != Outcome.REFUSED]
        report = [self._reported(request, offer, saved) for offer, saved in done]
        if rest := reading.text_without(gone):
            reading = Reading(rest)
            typed = _carried(request.POST, reading)
            return self._page(request, rest, reading, typed, report=report)
        return self._page(request, "", report=report, strays=reading.strays)

    def _reported(self, request: HttpRequest, offer: Offer, saved: Saved) -> Reported:
        release = saved.release or offer.here
        theirs = Release.objects.on_the_desk_of(request.user)
        may_see = bool(release and theirs.filter(pk=release.pk).exists())
        return Reported(saved, str(OUTCOMES[saved.outcome]), release if may_see else None)

    # What is answered

    def _offers(
        self, request: HttpRequest, reading: Reading, typed: dict[int, QueryDict]
    ) -> list[Offer]:
        """The releases that are mended now; others come when these are saved."""
        offers, inputs = [], 0
        for index, release in enumerate(reading.releases):
            if (needed := inputs_of(release)) > MOST_INPUTS:
                continue
            inputs += needed
            if inputs > MOST_INPUTS or len(offers) == MOST_AT_ONCE:
                break
            offers.append(Offer(reading, index, request.user, typed.get(index)))
        return offers

    def _page(
        self,
        request: HttpRequest,
        text: str,
        reading: Reading | None = None,
        typed: dict[int, QueryDict] | None = None,
        offers: list[Offer] | None = None,
        *,
        status: int = 200,
        **said,
    ) -> HttpResponse:
        """The page with `text` in its box and, where there is one, what it was read as.

        `typed` is what somebody typed in the fields, by the release's index.
        """
        context = {
            **self.admin_site.each_context(request),
            "title": _("Paste releases"),
            "opts": self.opts,
            "text": text,
            # The original and the fields need the room side by side.
            "is_nav_sidebar_enabled": False,
            **said,
        }
        if reading:
            offers = offers or self._offers(request, reading, typed or {})
            huge = [r for r in reading.releases if inputs_of(r) > MOST_INPUTS]
            context |= {
                "reading": reading,
                "offers": offers,
                "huge": huge,
                "later": len(reading.releases) - len(offers) - len(huge),
            }
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, "admin/releases/release/paste.html", context, status=status
        )

    def _kept(self, request: HttpRequest, why: str, sign_in: bool = False) -> HttpResponse:
        """All that was sent, handed back to somebody who may not use it now."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Paste releases"),
            "is_nav_sidebar_enabled": False,
            "why": why,
            "sign_in": sign_in,
            "text": request.POST.get("text", ""),
            "sent": _sent(request.POST),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, "admin/releases/release/paste_kept.html", context, status=403
        )


def _believed() -> None:
    """Stands for the view where it is asked whether a request may be believed."""


def _sent(data: QueryDict) -> list[tuple[str, str]]:
    """All that was sent beside the text, to be sent again."""
    return [
        (name, value)
        for name, values in data.lists()
        for value in values
        if name not in ("text", "file", "action", "csrfmiddlewaretoken")
    ]


def _too_long() -> str:
    return _("The text is too long for one go: %(most)s characters at most. Nothing is lost.") % {
        "most": f"{MOST_CHARACTERS:,}"
    }


def _large_file() -> str:
    return _(
        "The file is too large for one go: %(most)s KB at most. Split it between releases, "
        "or import it with the command."
    ) % {"most": MOST_BYTES // 1000}


def _too_large() -> str:
    return _(
        "What was sent is too large for one go, so it was not read. The text is in your browser "
        "still: take it back below, or go back one page, and read fewer releases at once."
    )


def _drain(request: HttpRequest) -> None:
    """Read on to the end of a request that was refused: else the browser sees no answer."""
    drained = 0
    try:
        while drained < MOST_DRAINED and (part := request.read(2**16)):
            drained += len(part)
    except (OSError, ValueError):
        pass


def _same(one: str, other: str) -> bool:
    return clean_text(one).strip() == clean_text(other).strip()


def _carried(sent: QueryDict, reading: Reading) -> dict[int, QueryDict]:
    """What was typed for those releases whose original lines are still the same."""
    before = Reading(sent.get("read_text", ""))
    known = defaultdict(list)
    for index, release in enumerate(before.releases):
        if f"r{index}-title" in sent:
            known[before.text_of(release.lines).strip()].append(index)
    typed = {}
    for index, release in enumerate(reading.releases):
        if same := known[reading.text_of(release.lines).strip()]:
            typed[index] = _renamed(sent, f"r{same.pop(0)}-", f"r{index}-")
    return typed


def _renamed(sent: QueryDict, old: str, new: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name.startswith(old):
            data.setlist(new + name.removeprefix(old), values)
    return data
