from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from . import demo


class NoDemoAccountInProduction(ModelBackend):
    """Django's own backend, that never lets the demo account in where DEMO is off.

    It ends open sessions as well: Django asks it for the user of each request.
    """

    def user_can_authenticate(self, user) -> bool:
        if user.get_username() == demo.NAME and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)
