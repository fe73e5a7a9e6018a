"""Move in: send an export or choose one on the server, see what would become of it, choose what
its terms stand for, start, watch, read the report.

The work itself is done outside of any request: see `releases.moving_in`.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from releases.intake.moving import Moved
from releases.intake.report import ASIDE, ENDINGS, Report, Tally, kind_in_words
from releases.intake.saving import OUTCOMES, Outcome
from releases.models import Move, Stage, Task
from releases.moving_in import places, pulse, records, starting
from releases.moving_in.choices import Choices
from releases.moving_in.records import ADDRESSES, REMARKS
from releases.moving_in.sources import KINDS, Contents

from .moving_forms import ChoicesForm, ExportForm

MOVE_IN = "releases.move_in"
PAGE_SIZE = 50  # items
UNDERWAY = (Stage.WAITING, Stage.WORKING, Stage.INTERRUPTED)
PATIENCE = 15  # seconds, from one try to start the work to the next

_tried_at = -PATIENCE


@admin.register(Move)
class MoveAdmin(admin.ModelAdmin):
    """Pages of its own: a move is neither typed nor saved in a form."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(self.overview), name="releases_move_changelist"),
            path("<int:pk>/", view(self.move), name="releases_move_change"),
            path("<int:pk>/progress.json", view(self.progress), name="releases_move_progress"),
            path("<int:pk>/report.<str:kind>", view(self.report), name="releases_move_report"),
        ]

    def has_module_permission(self, request) -> bool:
        return request.user.has_perm(MOVE_IN)

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(MOVE_IN)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    # All moves, and a new one

    def overview(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ExportForm(*sent)
        if form.is_valid():
            move = form.save(request.user, get_language())
            self.log_addition(request, move, [{"added": {}}])
            _begin()
            return redirect("admin:releases_move_change", move.pk)
        page = Paginator(Move.objects.select_related("made_by"), PAGE_SIZE)
        context = {
            "title": _("Move in"),
            "form": form,
            "page": page.get_page(request.GET.get("p")),
            "moving_dir": form.moving_dir,
        }
        return self._page(request, "overview", context, 422 if form.errors else 200)

    # One of them

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        move = self._move(request, pk)
        if request.method == "POST":
            return self._do(request, move)
        return self._show(request, move)

    def _show(
        self, request: HttpRequest, move: Move, form: ChoicesForm | None = None
    ) -> HttpResponse:
        if move.stage in UNDERWAY:
            _see_that_it_goes_on()
        shown = ShownMove(move, request.GET.get("show", ""))
        page = Paginator(shown.items, PAGE_SIZE).get_page(request.GET.get("p"))
        context = {
            "title": move.name,
            "shown": shown,
            "move": move,
            "page": page,
            "rows": [shown.shown(moved) for moved in page],
            "form": form or shown.form(request.user.is_superuser),
        }
        return self._page(request, "move", context, 422 if form else 200)

    def _do(self, request: HttpRequest, move: Move) -> HttpResponse:
        wanted = request.POST.get("do")
        if wanted == "look":
            contents = Contents.of(move.contents)
            if contents is None:  # the look before failed; there was nothing to choose from
                self._ask(request, move, Task.LOOK)
                return redirect("admin:releases_move_change", move.pk)
            form = ChoicesForm(
                contents, Choices.of(move.choices), request.user.is_superuser, request.POST
            )
            if not form.is_valid():
                return self._show(request, move, form)
            self._ask(request, move, Task.LOOK, choices=form.choices.as_json())
        elif wanted == "start":
            if move.may_start:
                self._ask(request, move, Task.MOVE)
            else:
                messages.error(
                    request, _("Nothing was started: look it over first, as it is wanted now.")
                )
        elif wanted == "stop":
            now = timezone.now()
            # Where nobody is at it, nobody would end it: its file may be gone.
            ended = {} if move.is_heard_of(now) else {"ended_at": now}
            Move.objects.filter(pk=move.pk, ended_at=None).update(stop_at=now, **ended)
            messages.info(request, _("It stops after the item that it is at."))
        elif wanted == "forget":
            return self._forget(request, move)
        return redirect("admin:releases_move_change", move.pk)

    def _ask(self, request: HttpRequest, move: Move, task: Task, **columns) -> None:
        """Ask for `task`, unless something is going on, and start the work."""
        ended = Move.objects.filter(pk=move.pk, ended_at__isnull=False)
        if task == Task.MOVE:
            # Somebody else may have chosen otherwise meanwhile.
            ended = ended.filter(choices=move.looked_with)
        asked = ended.update(
            task=task,
            language=get_language(),
            asked_at=timezone.now(),
            begun_at=None,
            heard_at=None,
            ended_at=None,
            stop_at=None,
            fault="",
            worker="",
            done=0,
            counts={},
            **columns,
        )
        if not asked:
            messages.error(request, _("Nothing was started: somebody else was faster."))
            return
        self.log_change(request, move, str(task.label))
        _begin()

    def _forget(self, request: HttpRequest, move: Move) -> HttpResponse:
        if not move.ended_at:
            messages.error(request, _("It is going on: stop it first."))
            return redirect("admin:releases_move_change", move.pk)
        places.forget(move)
        self.log_deletions(request, [move])
        move.delete()
        messages.success(
            request, _("The file and its report were deleted. What was moved in stays.")
        )
        return redirect("admin:releases_move_changelist")

    @method_decorator(require_safe)
    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        """How far it is, for the script of its page."""
        move = self._move(request, pk)
        if move.stage in UNDERWAY:
            _see_that_it_goes_on()
        shown = ShownMove(move)
        return JsonResponse(
            {
                "stage": move.stage,
                "underway": shown.is_underway,
                "percent": move.percent,
                "words": shown.progress_in_words,
            }
        )

    @method_decorator(require_safe)
    def report(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """What became of each item, to be kept: as text, JSON or HTML."""
        move = self._move(request, pk)
        shown = ShownMove(move)
        if f".{kind}" not in ENDINGS or shown.is_underway:
            raise Http404("no such report")
        name = f"moving-in-{move.pk}.{kind}"
        return FileResponse(shown.report(kind), as_attachment=True, filename=name)

    # What they share

    def _let_in(self, request: HttpRequest) -> None:
        if not request.user.has_perm(MOVE_IN):
            raise PermissionDenied

    def _move(self, request: HttpRequest, pk: int) -> Move:
        self._let_in(request)
        return get_object_or_404(Move.objects.select_related("made_by"), pk=pk)

    def _page(self, request: HttpRequest, name: str, context: dict, status: int) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return render(request, f"admin/releases/move/{name}.html", context, status=status)


def _begin() -> None:
    """Start the work; where the machine can't just now, the page of the move tries again."""
    global _tried_at
    _tried_at = time.monotonic()
    starting.try_to_start()


def _see_that_it_goes_on() -> None:
    """Start the work where nobody is at it: after a restart, or where a process was killed."""
    if time.monotonic() - _tried_at > PATIENCE and pulse.is_anything_left():
        _begin()


@dataclass(frozen=True)
class ShownItem:
    """A line of the table; `address` is that of the release at the desk, "" where it has none."""

    moved: Moved
    outcome: str
    kind: str
    address: str

    @property
    def is_trouble(self) -> bool:
        return self.moved.outcome == Outcome.REFUSED

    @property
    def aside(self) -> str:
        """Which words the page says by itself: "contacts 12, posted 4"."""
        words = self.moved.words
        aside = words.set_aside if words else ()
        return ", ".join(f"{ASIDE.get(name, name)} {count}" for name, count in aside)


class ShownMove:
    """What the page of `move` shows; `show` narrows its table, as one of `doors`."""

    def __init__(self, move: Move, show: str = ""):
        self.move, self.show = move, show
        self.contents = Contents.of(move.contents)
        self.choices = Choices.of(move.choices)
        self.is_underway = move.stage in UNDERWAY
        self.is_look = move.task == Task.LOOK
        self.is_here = places.file_of(move).exists()

    @property
    def kind(self) -> str:
        return str(KINDS[self.contents.kind]) if self.contents else ""

    @property
    def by_server(self) -> bool:
        return bool(self.move.place)

    def form(self, may_fetch: bool) -> ChoicesForm | None:
        if not self.contents or self.is_underway:
            return None
        return ChoicesForm(self.contents, self.choices, may_fetch)

    @cached_property
    def _found(self) -> records.Listed:
        return records.Listed(places.records_of(self.move, self.move.task))

    @property
    def has_items(self) -> bool:
        return bool(self._found)

    @cached_property
    def items(self) -> records.Listed:
        """What the table holds, of all of its pages."""
        return self._found.narrowed(_outcome(self.show))

    @property
    def doors(self) -> list[tuple[str, str, int]]:
        """What the table can be narrowed to: (word of the address, in words, how many)."""
        counted, found = self.tally.items, self._found
        doors = [("", _("All"), len(found.narrowed("")))]
        doors += [(_word(each), str(OUTCOMES[each]), counted[each]) for each in Outcome]
        doors.append((REMARKS, _("With remarks"), len(found.narrowed(REMARKS))))
        doors.append((ADDRESSES, _("Other old addresses"), len(found.narrowed(ADDRESSES))))
        return [door for door in doors if door[2]]

    @property
    def public(self) -> int:
        """How many releases are public here, or would be."""
        return self._found.public

    @property
    def tally(self) -> Tally:
        return self._found.tally

    def shown(self, moved: Moved) -> ShownItem:
        is_there = not self.is_look or moved.outcome == Outcome.UNCHANGED
        address = ""
        if moved.release and is_there:
            address = reverse("admin:releases_release_change", args=[moved.release])
        outcome = str(OUTCOMES[moved.outcome])
        return ShownItem(moved, outcome, kind_in_words(moved.kind), address)

    def report(self, kind: str) -> BinaryIO:
        """The report that ends in `kind`, open to be read."""
        with TemporaryDirectory() as folder:
            path = Path(folder, f"report.{kind}")
            with Report(path) as report:
                for moved in records.read(places.records_of(self.move, self.move.task)):
                    report.add(moved)
                report.finish(self.tally)
            return path.open("rb")

    @property
    def progress_in_words(self) -> str:
        move = self.move
        if move.stage == Stage.WAITING:
            return _("It begins in a moment.")
        if move.stage == Stage.INTERRUPTED:
            return _("It was interrupted, and goes on within a minute.")
        if move.stop_at and self.is_underway:
            return _("It stops after the item that it is at.")
        told = _("%(done)s of %(total)s") % {"done": f"{move.done:,}", "total": f"{move.total:,}"}
        if left := move.time_left(timezone.now()):
            told += " · " + left_in_words(left)
        return told


def _word(outcome: Outcome) -> str:
    """How an address says `outcome`."""
    return outcome.name.lower()


def _outcome(word: str) -> str:
    """What an address says as `_word` does, as records have it; any other word as it is."""
    return next((each.value for each in Outcome if _word(each) == word), word)


def left_in_words(left: timedelta) -> str:
    """How long it still takes, as people say it; rounded up."""
    seconds = left.total_seconds()
    if seconds < 60:
        return _("less than a minute left")
    minutes = -int(-seconds // 60)
    if minutes < 60:
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {
            "count": minutes
        }
    hours = -int(-minutes // 60)
    return ngettext("about %(count)d hour left", "about %(count)d hours left", hours) % {
        "count": hours
    }
