"""Links for the press and for partners: made, looked after and ended beside a release's form."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from contacts.bilingual import LANGUAGES
from releases import sharing
from releases.embargo import embargo_line
from releases.models import Purpose, Release, ShareLink
from releases.versions import moment_in_seoul

POSTED = "posted"
DAYS = (1, 3, 7, 14, 30)
SHOWN = 20  # openings of one link, the latest
# By whether there are pictures, and files.
TO_READ = {
    (True, True): gettext_lazy("To read it, with pictures and files:"),
    (True, False): gettext_lazy("To read it, with pictures:"),
    (False, True): gettext_lazy("To read it, with files:"),
    (False, False): gettext_lazy("To read it:"),
}
ADDRESS = {Purpose.READING: "embargo", Purpose.APPROVAL: "approval"}


class LinkForm(forms.Form):
    """What is asked of a new link."""

    label = forms.CharField(
        label=gettext_lazy("For whom: the outlet or the person"), max_length=100
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=Purpose.choices,
        initial=Purpose.READING,
        widget=forms.RadioSelect,
    )
    until = forms.ChoiceField(label=gettext_lazy("Opens"))

    def __init__(self, release: Release, data=None):
        super().__init__(data, label_suffix="")
        days = [(str(n), ngettext("for %(n)d day", "for %(n)d days", n) % {"n": n}) for n in DAYS]
        timed = sharing.has_time_to_come(release)
        posted = [(POSTED, _("until it is posted"))] if timed else []
        self.fields["until"].choices = posted + days
        self.initial["until"] = POSTED if timed else str(sharing.USUAL_DAYS)

    def expires_at(self) -> datetime | None:
        until = self.cleaned_data["until"]
        return None if until == POSTED else timezone.now() + timedelta(days=int(until))


class Sharing:
    """Part of `ReleaseAdmin`."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/sharing/", wrap(self.sharing_view), name="releases_release_sharing"),
            path(
                "<int:pk>/sharing/<int:link_pk>/end/",
                wrap(self.end_sharing_view),
                name="releases_release_end_sharing",
            ),
            path(
                "<int:pk>/sharing/<int:link_pk>/again/",
                wrap(self.ask_again_view),
                name="releases_release_ask_again",
            ),
            *super().get_urls(),
        ]

    def sharing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The links of a release; POST makes one and tells its address, this once."""
        release = self._theirs_to_share(request, pk)
        form = LinkForm(release, request.POST if request.method == "POST" else None)
        made = None
        if request.method == "POST" and form.is_valid():
            asked = form.cleaned_data
            try:
                link, token = sharing.make(
                    release, asked["label"], asked["purpose"], form.expires_at(), by=request.user
                )
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                made = self._told(request, release, link, token)
                form = LinkForm(release)
        return self._sharing_page(request, release, form, made)

    def ask_again_view(self, request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
        """A new link about the present version for whoever answered another; the old one ends."""
        release, link = self._theirs_of(request, pk, link_pk)
        try:
            made = sharing.ask_again(link, by=request.user)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return redirect("admin:releases_release_sharing", pk)
        told = self._told(request, release, *made)
        return self._sharing_page(request, release, LinkForm(release), told)

    def _sharing_page(
        self, request: HttpRequest, release: Release, form: LinkForm, made: dict[str, Any] | None
    ) -> HttpResponse:
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Share under embargo"),
            "subtitle": str(release),
            "release": release,
            "address": reverse("admin:releases_release_change", args=[release.pk]),
            "sharing_address": reverse("admin:releases_release_sharing", args=[release.pk]),
            "made": made,
            "form": form,
            "refusal": sharing.refusal(release),
            "links": [
                (link, link.is_alive(release, now), link.ends_at(release))
                for link in sharing.links_of(release, SHOWN)
            ],
            "shown": SHOWN,
        }
        # The address is in no later answer: neither this page nor a copy of it is kept.
        return TemplateResponse(request, "admin/releases/release/sharing.html", context)

    def end_sharing_view(self, request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
        """End one link at once."""
        _release, link = self._theirs_of(request, pk, link_pk)
        sharing.revoke(link, by=request.user)
        said = _("The link for “%(label)s” opens nothing any more.") % {"label": link.label}
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:releases_release_sharing", pk)

    def _theirs_of(self, request: HttpRequest, pk: int, link_pk: int) -> tuple[Release, ShareLink]:
        """The release and its link that a POST is about; Http404 for anything else."""
        if request.method != "POST":
            raise Http404
        release = self._theirs_to_share(request, pk)
        link = ShareLink.objects.filter(release=release, pk=link_pk).first()
        if link is None:
            raise Http404
        link.release = release
        return release, link

    def _theirs_to_share(self, request: HttpRequest, pk: int) -> Release:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        release = self.get_object(request, str(pk))
        if release is None:
            raise Http404
        if not sharing.may_share(request.user, release):
            raise PermissionDenied
        return release

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and sharing.may_share(request.user, obj):
            context["share_address"] = reverse("admin:releases_release_sharing", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _told(
        self, request: HttpRequest, release: Release, link: ShareLink, token: str
    ) -> dict[str, Any]:
        """The address of a new link and a mail that says it, to be copied now or never."""
        addresses = {}
        for language in LANGUAGES:
            with override(language):
                path_of = reverse(ADDRESS[Purpose(link.purpose)], args=[token])
            addresses[language] = request.build_absolute_uri(path_of)
        return {
            "link": link,
            "addresses": addresses,
            "mail": "\n\n----\n\n".join(
                _mail(release, link, language, addresses[language]) for language in LANGUAGES
            ),
        }


def _mail(release: Release, link: ShareLink, language: str, address: str) -> str:
    """What a mail to whoever gets `link` says in `language`."""
    with override(language):
        if link.purpose == Purpose.APPROVAL:
            asks = _(
                "Please read version %(number)d and say on its page whether it may be published:"
            )
            asks %= {"number": link.version.number}
        else:
            asks = str(TO_READ[release.pictures.exists(), release.files.exists()])
        lines = [
            f"({release.headline_date}) {release.title}",
            embargo_line(release),
            "",
            asks,
            address,
            "",
            _opens_until(release, link),
            _("The link is for %(label)s alone: please do not pass it on.") % {"label": link.label},
        ]
        if whom := list(_whom_to_call(release)):
            lines += ["", _("Whom to call:"), *whom]
    return "\n".join(lines)


def _opens_until(release: Release, link: ShareLink) -> str:
    until = {"time": moment_in_seoul(link.ends_at(release))}
    if link.expires_at:
        return _("The link opens until %(time)s (Korean time).") % until
    return _("The link opens until it is posted: %(time)s (Korean time).") % until


def _whom_to_call(release: Release):
    for row in release.contact_block:
        card = row.card
        said = [card.name, card.office, card.phone, card.email or card.newsroom_email]
        yield " · ".join(filter(None, said))
    if not release.contact_block and settings.NEWSROOM_EMAIL:
        yield settings.NEWSROOM_EMAIL
