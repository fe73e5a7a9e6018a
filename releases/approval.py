"""What a partner without an account does by a link: read one exact version, and answer.

The token is the secret that guards the form, so there is neither an account nor a cookie. That a
form comes from this site is asked besides, of what browsers say themselves; for that the pages
let their own site, and no other, know where a request comes from.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import sharing
from .beacon import is_of_this_site
from .embargo import for_whoever_has_the_link, looked_at, shown
from .models import Answer, Purpose
from .readers import Reader
from .sharing import NoLink, Shared


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an answer.")},
    )
    # How long it may be is said by `sharing`, which keeps nothing that is longer.
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "aria-describedby": "comment-help"}),
    )


@csrf_exempt  # It needs a cookie, and visitors get none; the token is no less a secret.
@require_http_methods(["GET", "HEAD", "POST"])
@for_whoever_has_the_link
def page(request: HttpRequest, reader: Reader, token: str) -> HttpResponse:
    """The version of a link, with what was answered last; POST answers anew."""
    if request.method != "POST":
        shared = looked_at(request, reader, token, Purpose.APPROVAL)
        if shared.is_posted:
            return redirect(shared.release)
        return _page(request, shared, token, AnswerForm(label_suffix=""))
    form = AnswerForm(request.POST, label_suffix="")
    status = 400
    if not is_of_this_site(request):
        status = 403
        form.add_error(None, _("This did not come from this page. Please send it once more."))
    elif form.is_valid():
        try:
            sharing.answer(token, form.cleaned_data["answer"], form.cleaned_data["comment"])
        except ValidationError as refusal:
            form.add_error("comment", refusal)
        except NoLink:
            pass  # it is over, or it leads on to what is posted: that is told below
        else:
            return redirect(f"{reverse('approval', args=[token])}#answered")
    shared = sharing.find(token, Purpose.APPROVAL)
    if shared.is_posted:
        return redirect(shared.release)
    return _page(request, shared, token, form, status)


def _page(
    request: HttpRequest, shared: Shared, token: str, form: AnswerForm, status: int = 200
) -> HttpResponse:
    context = shown(shared, token) | {
        "link": shared.link,
        "last": shared.link.answers.first(),
        "form": form,
        "longest": sharing.COMMENT_LENGTH,
        "is_outdated": sharing.is_outdated(shared),
    }
    response = render(request, "sharing/approval.html", context, status=status)
    # "no-referrer" would take from the form what says that it comes from here.
    response["Referrer-Policy"] = "same-origin"
    return response


urlpatterns = [path("<str:token>/", page, name="approval")]
