"""The same pages as most would write them in Django: a list with a search, a page that counts.

It reads the newsroom's own tables, so both show the same releases. DATABASE_URL says
where they are.
"""

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from benchmarks.usual import MIDDLEWARE

settings.configure(
    SECRET_KEY="measures and signs nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": environ.Env().db_url("DATABASE_URL")},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "benchmarks"],
    MIDDLEWARE=MIDDLEWARE,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "list.html": """<!doctype html><title>Releases</title>
<form><input name="q" value="{{ q }}"><select name="mission">{% for m in missions %}
<option value="{{ m.slug }}">{{ m.name_ko }}</option>{% endfor %}</select>
<select name="year">{% for y in years %}<option>{{ y.year }}</option>{% endfor %}</select></form>
<p>{{ paginator.count }}</p><ol>{% for r in object_list %}
<li><a href="/releases/{{ r.pk }}/{{ r.slug }}/">{{ r.title_ko }}</a> {{ r.mission.name_ko }}
{{ r.release_date }} {{ r.body_ko|striptags|truncatechars:160 }} {{ r.counter.total }}</li>
{% endfor %}</ol>{% if page_obj.has_next %}<a href="?page={{ page_obj.next_page_number }}">older</a>
{% endif %}""",
                            "detail.html": """<!doctype html><title>{{ object.title_ko }}</title>
<h1>{{ object.title_ko }}</h1><p>{{ object.mission.name_ko }} {{ object.release_date }}</p>
{{ object.body_ko|safe }}<address>{% for c in object.contacts.all %}<p>{{ c.name }} {{ c.office }}
{{ c.phone }} {{ c.email }}</p>{% endfor %}</address><p>Views {{ object.counter.total }}</p>""",
                        },
                    )
                ]
            },
        }
    ],
)
application = get_wsgi_application()

from django.db import models  # noqa: E402
from django.db.models import F, Q  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.views.generic import DetailView, ListView  # noqa: E402


class Mission(models.Model):
    name_ko = models.TextField()
    slug = models.SlugField()

    class Meta:
        app_label, managed, db_table = "benchmarks", False, "contacts_mission"


class Release(models.Model):
    title_ko = models.TextField()
    title_en = models.TextField()
    body_ko = models.TextField()
    body_en = models.TextField()
    slug = models.TextField()
    mission = models.ForeignKey(Mission, models.PROTECT)
    release_date = models.DateField()
    publish_at = models.DateTimeField()
    approved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField()

    class Meta:
        app_label, managed, db_table = "benchmarks", False, "releases_release"


class Contact(models.Model):
    release = models.ForeignKey(Release, models.CASCADE, related_name="contacts")
    name = models.TextField()
    office = models.TextField()
    phone = models.TextField()
    email = models.TextField()

    class Meta:
        app_label, managed, db_table = "benchmarks", False, "releases_releasecontact"


class Counter(models.Model):
    release = models.OneToOneField(
        Release, models.CASCADE, primary_key=True, related_name="counter"
    )
    total = models.BigIntegerField()

    class Meta:
        app_label, managed, db_table = "benchmarks", False, "releases_viewcounter"


def public():
    return Release.objects.filter(
        approved_at__isnull=False, withdrawn_at=None, publish_at__lte=timezone.now()
    ).select_related("mission", "counter")


class List(ListView):
    template_name, paginate_by = "list.html", 20

    def get_queryset(self):
        found, asked = public().order_by("-publish_at"), self.request.GET
        if mission := asked.get("mission"):
            found = found.filter(mission__slug=mission)
        if year := asked.get("year"):
            found = found.filter(release_date__year=year)
        if q := asked.get("q"):
            words = ("title_ko", "title_en", "body_ko", "body_en")
            found = found.filter(
                Q(**{f"{words[0]}__icontains": q})
                | Q(**{f"{words[1]}__icontains": q})
                | Q(**{f"{words[2]}__icontains": q})
                | Q(**{f"{words[3]}__icontains": q})
            )
        return found

    def get_context_data(self, **more):
        years = public().dates("release_date", "year", order="DESC")
        return super().get_context_data(
            missions=Mission.objects.all(), years=years, q=self.request.GET.get("q", ""), **more
        )


class Detail(DetailView):
    template_name = "detail.html"

    def get_queryset(self):
        return public().prefetch_related("contacts")

    def get_object(self, queryset=None):
        Counter.objects.filter(pk=self.kwargs["pk"]).update(total=F("total") + 1)
        return super().get_object(queryset)


urlpatterns = [path("", List.as_view()), path("releases/<int:pk>/<str:slug>/", Detail.as_view())]
