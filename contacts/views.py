"""The directory that visitors see."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .models import Mission, PressContact
from .vcards import vcard_response


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    """Press contacts by mission; those who have left are not named."""
    current = PressContact.objects.current(timezone.localdate())
    missions = (
        Mission.objects.filter(press_contacts__in=current)
        .distinct()
        .prefetch_related(Prefetch("press_contacts", queryset=current))
        .by_name()
    )
    others = current.filter(mission=None)
    return render(request, "contacts/list.html", {"missions": missions, "others": others})


@require_safe
def contact_vcard(request: HttpRequest, pk: int) -> HttpResponse:
    """One press contact for an address book; those who have left are not given."""
    current = PressContact.objects.current(timezone.localdate())
    contact = get_object_or_404(current, pk=pk)
    return vcard_response(contact.name, contact.office, contact.phone, contact.email)
