"""The demo account: a known name and password, alive only while DEMO=on."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

NAME = "demo"
PASSWORD = "newsroom-demo"


class NoDemoAccountInProduction(ModelBackend):
    """Django's own backend, that never lets the demo account in where DEMO is off.

    It stands in the way of open sessions as well: Django asks it for the user of each.
    """

    def user_can_authenticate(self, user) -> bool:
        if user.get_username() == NAME and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)
