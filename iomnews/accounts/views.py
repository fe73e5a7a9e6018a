"""The pages of the door: password, code, setting an app up; and somebody's own account.

Whoever must give a code is signed in only then. Until that, for ten minutes, an anonymous session
remembers whose password was right and where the way leads on.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import journal, second_factor, sessions, throttle
from .forms import ChangePasswordForm, CodeForm, SignInForm
from .journal import Kind
from .words import in_time

PENDING, KEY = "sign_in_pending", "sign_in_key"
PENDING_FOR = timedelta(minutes=10)

View = Callable[..., HttpResponse]


class SignIn(LoginView):
    """Name and password. `site` is the desk's."""

    form_class = SignInForm
    template_name = "admin/login.html"
    site: AdminSite = None

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return {
            **self.site.each_context(self.request),
            **super().get_context_data(**kwargs),
            "title": _("Sign in"),
            "subtitle": None,
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
            self.redirect_field_name: self.get_success_url(),
        }

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: SignInForm) -> HttpResponse:
        user, way_on = form.get_user(), self.get_success_url()
        if second_factor.device_of(user):
            _remember(self.request, user, way_on)
            return redirect("admin:sign_in_code")
        if second_factor.must_have(user):
            _remember(self.request, user, way_on)
            return redirect("admin:sign_in_set_up")
        _let_in(self.request, user)
        response = HttpResponseRedirect(way_on)
        throttle.know(response, user)
        return response

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response = super().form_invalid(form)
        return _stopped(response, form.wait) if form.wait else response


class ChangePassword(PasswordChangeView):
    """Somebody's own password, at the desk."""

    form_class = ChangePasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"session": self.request.session.session_key}

    def form_invalid(self, form: ChangePasswordForm) -> HttpResponse:
        response = super().form_invalid(form)
        return _stopped(response, form.wait) if form.wait else response


def door(view: View) -> View:
    """`view`, for who is not signed in yet."""
    view = require_http_methods(["GET", "HEAD", "POST"])(view)
    return never_cache(csrf_protect(sensitive_post_parameters()(view)))


def code(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The code of somebody whose password was right, and then in."""
    user, way_on = _pending(request)
    if user is None:
        return redirect("admin:login")
    if not second_factor.device_of(user):  # dropped meanwhile
        return redirect("admin:sign_in_set_up")
    form = CodeForm(request.POST or None)
    opened = form.is_valid() and _opened(request, user, form)
    if not opened:
        return _page(request, site, "code", _("Second factor"), form=form)
    _let_in(request, user)
    if opened is second_factor.Opened.BY_PAPER:
        left = user.recovery_codes.count()
        words = ngettext(
            "You used a recovery code; %(left)d is left.",
            "You used a recovery code; %(left)d are left.",
            left,
        )
        messages.warning(request, words % {"left": left})
    response = HttpResponseRedirect(way_on)
    throttle.know(response, user)
    return response


def set_up_at_the_door(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """An app for somebody who must have one, whose password was right, and then in."""
    user, way_on = _pending(request)
    if user is None or second_factor.device_of(user):
        return redirect("admin:sign_in_code" if user else "admin:login")
    key = request.session.setdefault(KEY, second_factor.new_key())
    answer, codes = _set_up(request, site, user, key, way_on, is_asked=True)
    if codes:
        sessions.end(user)  # opened with the password alone, before a second factor was asked for
        _let_in(request, user)
        throttle.know(answer, user)
    return answer


def set_up(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """An app for somebody who is signed in and has none."""
    if second_factor.device_of(request.user):
        return redirect("admin:account")
    key = request.session.setdefault(KEY, second_factor.new_key())
    way_on = reverse("admin:account")
    answer, codes = _set_up(request, site, request.user, key, way_on, is_asked=False)
    if codes:
        request.session.pop(KEY)
        # They were opened with the password alone.
        sessions.end(request.user, but=request.session.session_key)
    return answer


def account(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Somebody's own account: second factor, and where they are signed in."""
    user = request.user
    device = second_factor.device_of(user)
    form = CodeForm(request.POST if "code" in request.POST else None)
    form.fields["code"].widget.attrs.pop("autofocus")
    match request.POST.get("do"):
        case "end":
            return _ended(request, sessions.end(user, only=request.POST.get("session", "")))
        case "end-others":
            return _ended(request, sessions.end(user, but=request.session.session_key))
        case "end-all":
            sessions.end(user)
            journal.write(Kind.SESSIONS_ENDED, about=user.get_username())
            auth.logout(request)
            return redirect("admin:login")
        case ("codes" | "drop") as do if device and form.is_valid():
            if _opened(request, user, form):
                return (_new_codes if do == "codes" else _dropped)(request, site)
    return _page(
        request,
        site,
        "account",
        _("My account"),
        form=form,
        device=device,
        codes_left=user.recovery_codes.count(),
        must_have=second_factor.must_have(user),
        sessions=sessions.of(user, request),
    )


def _new_codes(request: HttpRequest, site: AdminSite) -> HttpResponse:
    codes = second_factor.new_codes(request.user)
    journal.write(Kind.CODES_RENEWED, about=request.user.get_username())
    way_on = reverse("admin:account")
    return _page(request, site, "codes", _("Recovery codes"), codes=codes, way_on=way_on)


def _dropped(request: HttpRequest, site: AdminSite) -> HttpResponse:
    second_factor.drop(request.user)
    journal.write(Kind.FACTOR_DROPPED, about=request.user.get_username())
    messages.success(request, _("The second factor is taken away."))
    return redirect("admin:account")


def _ended(request: HttpRequest, ended: int) -> HttpResponse:
    if ended:
        journal.write(Kind.SESSIONS_ENDED, about=request.user.get_username())
    words = ngettext("Signed out in %(count)d place.", "Signed out in %(count)d places.", ended)
    messages.success(request, words % {"count": ended})
    return redirect("admin:account")


def _set_up(
    request: HttpRequest,
    site: AdminSite,
    user: AbstractUser,
    key: str,
    way_on: str,
    is_asked: bool,
) -> tuple[HttpResponse, list[str] | None]:
    """The page on which an app is set up, or that of the codes where that was done, and those."""
    form = CodeForm(request.POST or None)
    if form.is_valid() and _may_try(user, form):
        if codes := second_factor.set_up(user, key, form.cleaned_data["code"]):
            journal.write(Kind.FACTOR_SET_UP, by=user, about=user.get_username())
            page = _page(request, site, "codes", _("Recovery codes"), codes=codes, way_on=way_on)
            return page, codes
        form.refuse(_("This is not the app's code now. Is the clock of the phone right?"))
    device = second_factor.device_with(user, key)
    page = _page(
        request,
        site,
        "set_up",
        _("Set up a second factor"),
        form=form,
        is_asked=is_asked,
        picture=second_factor.picture_of(device),
        letters=second_factor.in_letters(device),
    )
    return page, None


def _opened(
    request: HttpRequest, user: AbstractUser, form: CodeForm
) -> second_factor.Opened | None:
    """What the code in `form` is for `user`; where it opens nothing, `form` says so."""
    # Nobody guesses a recovery code, and it opens whatever others have tried.
    if second_factor.is_of_app(form.cleaned_data["code"]) and not _may_try(user, form):
        return None
    opened = second_factor.opened_by(user, form.cleaned_data["code"])
    if opened is None:
        journal.write(Kind.CODE_REFUSED, about=user.get_username())
        form.refuse(
            _("This code opens nothing. Each opens once; wait for the app to show the next.")
        )
    elif opened is second_factor.Opened.BY_PAPER:
        journal.write(Kind.CODE_USED, by=user, about=user.get_username())
    return opened


def _may_try(user: AbstractUser, form: CodeForm) -> bool:
    if wait := throttle.wait_for_code(user):
        form.wait = wait
        journal.write(Kind.CODE_STOPPED, about=user.get_username())
        form.refuse(in_time(wait))
    return not wait


def _page(
    request: HttpRequest, site: AdminSite, name: str, title: str, **context: Any
) -> HttpResponse:
    request.current_app = site.name
    response = TemplateResponse(
        request,
        f"admin/account/{name}.html",
        {**site.each_context(request), "title": title, **context},
    )
    wait = getattr(context.get("form"), "wait", None)
    return _stopped(response, wait) if wait else response


def _stopped(response: HttpResponse, wait: timedelta) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response


def _remember(request: HttpRequest, user: AbstractUser, way_on: str) -> None:
    """Keep in mind that the password of `user` was right; whoever sat here before is out."""
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": time.time(),
        "way_on": way_on,
    }
    request.session.set_expiry(PENDING_FOR)


def _pending(request: HttpRequest) -> tuple[AbstractUser | None, str]:
    """Whose password was right within PENDING_FOR and is that still, and where they want to go."""
    kept = request.session.get(PENDING)
    if not kept or not 0 <= time.time() - kept["at"] < PENDING_FOR.total_seconds():
        return None, ""
    user = get_user_model().objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    if not user or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None, ""
    return user, kept["way_on"]


def _let_in(request: HttpRequest, user: AbstractUser) -> None:
    for kept in (PENDING, KEY):
        request.session.pop(kept, None)
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])


def sign_in(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The door itself; who is signed in already is led on."""
    if request.method == "GET" and site.has_permission(request):
        return redirect("admin:index")
    request.current_app = site.name
    return SignIn.as_view(site=site)(request)
