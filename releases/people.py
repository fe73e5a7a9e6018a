"""How the desk names its people."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _

from contacts.bilingual import HANGUL


def name_of(user: AbstractUser | None) -> str:
    """A person's name as it is written, Korean ones family name first; else the account's.

    None is the newsroom itself: an import, or an account that is gone.
    """
    if user is None:
        return _("the newsroom")
    if HANGUL.search(user.last_name + user.first_name):
        return f"{user.last_name}{user.first_name}"
    return user.get_full_name() or user.get_username()
