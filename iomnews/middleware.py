from django.middleware.locale import LocaleMiddleware
from django.utils.translation import get_language


class AddressLanguageMiddleware(LocaleMiddleware):
    """The language comes from the address alone, so one cached page serves everyone.

    Django's own adds `Vary: Accept-Language` to every page without a language prefix, though
    with an unprefixed default language that header never changes the answer.
    """

    def process_response(self, request, response):
        response.headers.setdefault("Content-Language", get_language())
        return response
