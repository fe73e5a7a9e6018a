from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import journal, throttle
from .words import in_time


class SignInForm(AdminAuthenticationForm):
    """Name and password. `wait` is how long somebody has to who tried too often, else None.

    Whether a name exists shows nowhere: an unknown one costs the same hash (Django's backend) and
    gets the same words, and tries of it are counted alike.
    """

    wait = None

    def clean(self):
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return self.cleaned_data
        tries = throttle.Tries.of_signing_in(self.request, name)
        if wait := tries.wait():
            self.wait = wait
            journal.write(journal.Kind.STOPPED, about=_known(name))
            raise ValidationError(in_time(wait), code="stopped")
        try:
            cleaned = super().clean()
        except ValidationError:
            journal.write(journal.Kind.REFUSED, about=_known(name))
            raise
        tries.forgive()
        return cleaned


class ChangePasswordForm(AdminPasswordChangeForm):
    """The old password and a new one, by who has the session with that key. `wait` as of
    `SignInForm`.

    Whoever sits down at somebody's open desk could try old passwords without end.
    """

    wait = None

    def __init__(self, *words, session: str, **named):
        super().__init__(*words, **named)
        self.session = session

    def clean_old_password(self):
        name = self.user.get_username()
        tries = throttle.Tries.of_old_password(self.user, self.session)
        if wait := tries.wait():
            self.wait = wait
            journal.write(journal.Kind.PASSWORD_STOPPED, about=name)
            raise ValidationError(in_time(wait), code="stopped")
        try:
            password = super().clean_old_password()
        except ValidationError:
            journal.write(journal.Kind.PASSWORD_REFUSED, about=name)
            raise
        tries.forgive()
        return password


class CodeForm(forms.Form):
    """A code from the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

    # Errors stand beside the field, and the field says so to who cannot see that.
    def refuse(self, words: str) -> None:
        self.add_error("code", words)


def _known(name: str) -> str:
    """`name` if somebody is called so; else it may be a password in the wrong field."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects.filter(username=name)
    return users.values_list("username", flat=True).first() or ""
