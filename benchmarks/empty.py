"""An empty Django view behind the middleware that `startproject` puts in: the yardstick."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from benchmarks.usual import MIDDLEWARE

settings.configure(
    SECRET_KEY="measures and signs nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    MIDDLEWARE=MIDDLEWARE,
)


def empty(request):
    return HttpResponse()


urlpatterns = [path("", empty)]
application = get_wsgi_application()
