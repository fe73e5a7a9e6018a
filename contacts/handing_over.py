"""A press contact leaves, and somebody else answers from then on: one page of the desk."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from .models import PressContact

PERSON, NEWSROOM = "person", "newsroom"


class PersonSelect(AutocompleteSelect):
    """Django's own asks the database for whatever was sent, and fails on what is no key."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if str(key).isdecimal()], attr)


class HandOverForm(forms.Form):
    """Until when somebody answers, and who answers then."""

    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=AdminDateWidget,
        help_text=gettext_lazy("Releases name the successor from the day after, Korean time."),
    )
    answers = forms.ChoiceField(
        label=gettext_lazy("Who answers then"),
        widget=forms.RadioSelect,
        choices=[
            (PERSON, gettext_lazy("A successor")),
            (NEWSROOM, gettext_lazy("Nobody: the newsroom’s own address")),
        ],
        initial=PERSON,
    )
    successor = forms.ModelChoiceField(
        PressContact.objects, required=False, label=gettext_lazy("Successor")
    )

    def __init__(self, contact: PressContact, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.contact = contact
        column = PressContact._meta.get_field("successor")
        self.fields["successor"].widget = PersonSelect(column, admin.site)
        self.fields["successor"].widget.choices = self.fields["successor"].choices

    def clean(self):
        entries = super().clean()
        if (answers := entries.get("answers")) == NEWSROOM:
            entries["successor"] = None
        elif answers == PERSON and (problem := self._unfit(entries)):
            self.add_error("successor", ValidationError(problem))
        return entries

    def _unfit(self, entries: dict[str, Any]) -> str:
        """What is wrong with the successor of `entries`, "" when nothing is."""
        if "successor" not in entries:  # told at the field already
            return ""
        successor, last_day = entries["successor"], entries.get("last_day")
        if successor is None:
            return _("Choose who answers, or the newsroom’s own address.")
        if successor.pk == self.contact.pk:
            return _("Somebody else must succeed this person.")
        if last_day and successor.has_left(last_day + timedelta(days=1)):
            return _("%(name)s will have left by then.") % {"name": successor.name}
        return ""


class HandingOver:
    """Part of `PressContactAdmin`."""

    def get_urls(self):
        view = require_http_methods(["GET", "HEAD", "POST"])(self.hand_over)
        name = "contacts_presscontact_hand_over"
        return [
            path("<int:pk>/hand-over/", self.admin_site.admin_view(view), name=name),
            *super().get_urls(),
        ]

    def hand_over(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = self.get_queryset(request).select_related("successor").filter(pk=pk).first()
        if not self.has_change_permission(request, contact):
            raise PermissionDenied
        if contact is None:
            raise Http404("no such contact")
        form = HandOverForm(
            contact,
            request.POST or None,
            initial={"last_day": contact.left_on or timezone.localdate()},
        )
        if request.method == "POST" and form.is_valid():
            return self._handed_over(request, contact, form)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Hand over to a successor"),
            "subtitle": str(contact),
            "opts": self.opts,
            "contact": contact,
            "predecessors": contact.predecessors.order_by("name", "pk"),
            "form": form,
            "media": self.media + form.media,
        }
        return render(request, "admin/contacts/presscontact/hand_over.html", context)

    def _handed_over(
        self, request: HttpRequest, contact: PressContact, form: HandOverForm
    ) -> HttpResponse:
        last_day, successor = form.cleaned_data["last_day"], form.cleaned_data["successor"]
        contact.hand_over(last_day, successor)
        said = _("%(name)s is named until %(day)s; then %(successor)s answers.") % {
            "name": contact.name,
            "day": date_format(last_day, "DATE_FORMAT"),
            "successor": successor or _("the newsroom"),
        }
        self.log_change(request, contact, said)
        self.message_user(request, said, messages.SUCCESS)
        address = reverse("admin:contacts_presscontact_change", args=[contact.pk])
        return HttpResponseRedirect(address)

    @admin.action(description=gettext_lazy("Hand over to a successor"), permissions=["change"])
    def hand_over_selected(self, request: HttpRequest, contacts: QuerySet[PressContact]):
        chosen = list(contacts[:2])
        if len(chosen) > 1:
            self.message_user(request, _("Hand over one person at a time."), messages.WARNING)
            return None
        address = reverse("admin:contacts_presscontact_hand_over", args=[chosen[0].pk])
        return HttpResponseRedirect(address)
