from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from iomnews.accounts import second_factor

from . import demo


class NoDemoAccountInProduction(ModelBackend):
    """Django's own backend, that never lets the demo account in where DEMO is off.

    Nor does it know, in a session, whoever must have a second factor and has none: they sign in
    anew and are led to set one up. Django asks it for the user of each request, so that ends open
    sessions as well.
    """

    def user_can_authenticate(self, user) -> bool:
        if user.get_username() == demo.NAME and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return None if user and second_factor.lacks(user) else user
