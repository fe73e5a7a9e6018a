"""Move in: send an export or choose one on the server, see what would become of it, choose what
its terms stand for, start, watch, read the report.

The work itself is done outside of any request: see `releases.moving_in`.
"""

import time

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from releases.intake.report import ENDINGS
from releases.models import Move, Task
from releases.moving_in import places, pulse, starting
from releases.moving_in.choices import Choices
from releases.moving_in.sources import Contents

from .moving_forms import ChoicesForm, ExportForm
from .moving_shown import UNDERWAY, ShownMove

MOVE_IN = "releases.move_in"
PAGE_SIZE = 50  # items
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
        wanted, form = request.POST.get("do"), None
        contents = Contents.of(move.contents)
        if contents and "chosen" in request.POST:
            form = ChoicesForm(
                contents, Choices.of(move.choices), request.user.is_superuser, request.POST
            )
            if not form.is_valid():
                return self._show(request, move, form)
        if wanted == "look":
            # Where the look before failed there was nothing to choose from.
            columns = {"choices": form.choices.as_json()} if form else {}
            self._ask(request, move, Task.LOOK, **columns)
        elif wanted == "start":
            if form and form.choices.as_json() != move.looked_with:
                self._ask(request, move, Task.LOOK, choices=form.choices.as_json())
                told = _("Something else is wanted now, so it is looked over first: then start it.")
                messages.warning(request, told)
            elif move.may_start:
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
