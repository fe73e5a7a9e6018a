"""What a release is: its words, and the times that say who may read it."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from contacts.addresses import address_of
from contacts.bilingual import Bilingual, Text, language_of, reader_language, reading_order
from contacts.models import Mission
from contacts.text import LineField, PlainTextField

from ..fields import CleanHTMLField, ExcerptField, SummaryField
from ..intake.layout import USUAL_HEADING
from ..prose import excerpt, reading_minutes
from ..querysets import ReleaseQuerySet
from ..search import index

if TYPE_CHECKING:
    from ..search.marks import Hit
    from .contact_block import ReleaseContact
    from .corrections import Correction

TEXTS = {"summary_ko", "body_ko", "summary_en", "body_en"}
EXCERPTS = {"excerpt_ko", "excerpt_en"}  # what lists say of the texts
SLUG_LENGTH = 80  # characters; longer addresses get cut when they are pasted
TAKEN_SLUGS = {"views"}  # /releases/<id>/views/ is where readings are told
FIRST_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>")


# What a query has to read besides to ask for public releases; SQLite looks for it in the index
# though the index holds no others.
PUBLIC = ["approved_at", "withdrawn_at"]


def _exists_in(language: str) -> models.GeneratedField:
    """Whether there is a headline or a text in `language`, as the database works it out."""
    nothing = Q(**{f"title_{language}": "", f"body_{language}": ""})
    return models.GeneratedField(
        expression=Case(When(nothing, then=Value(False)), default=Value(True)),
        output_field=models.BooleanField(),
        db_persist=True,
    )


def _of_public_releases(name: str, *fields: str) -> models.Index:
    """An index that answers by itself which public releases come in the order of `fields`."""
    return models.Index(
        fields=[*fields, *PUBLIC],
        name=name,
        condition=Q(approved_at__isnull=False, withdrawn_at=None),
    )


class State(models.TextChoices):
    """Where a release stands, in the order of its life."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLIC = "public", _("Public")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Release(models.Model):
    """One press release. Its times say who may read it: see `state`."""

    title_ko = LineField(_("headline in Korean"), max_length=300, blank=True)
    summary_ko = SummaryField(
        _("summary in Korean"), blank=True, help_text=_("One or two sentences for lists.")
    )
    body_ko = CleanHTMLField(_("text in Korean"), blank=True)
    title_en = LineField(_("headline in English"), max_length=300, blank=True)
    summary_en = SummaryField(_("summary in English"), blank=True)
    body_en = CleanHTMLField(_("text in English"), blank=True)

    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="releases",
        verbose_name=_("mission"),
    )
    dateline_ko = LineField(
        _("dateline in Korean"),
        max_length=150,
        blank=True,
        help_text=_("Only where the text opens with another place than the mission’s name."),
    )
    dateline_en = LineField(_("dateline in English"), max_length=150, blank=True)
    release_date = models.DateField(
        _("release date"), help_text=_("The date that the headline carries.")
    )
    slug = models.SlugField(
        _("address"),
        max_length=SLUG_LENGTH,
        blank=True,
        allow_unicode=True,
        help_text=_("Made from the headline when left empty. Old addresses go on working."),
    )
    contact_heading = LineField(
        _("heading of the contacts"),
        max_length=150,
        blank=True,
        help_text=_("As it is to be printed; empty for the usual one."),
    )

    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    publish_at = models.DateTimeField(
        _("posted"),
        null=True,
        blank=True,
        help_text=_("When the public may first read it, Korean time."),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_reason_ko = PlainTextField(_("reason for withdrawal, Korean"), blank=True)
    withdrawal_reason_en = PlainTextField(_("reason for withdrawal, English"), blank=True)

    # Where the address of a withdrawn release points: see `is_replaced`.
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    # When the last correction was made: what has none is not asked for its corrections.
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True, editable=False)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="releases",
        verbose_name=_("author"),
    )
    # In queries alone: an object in memory knows its `languages`.
    exists_in_ko = _exists_in("ko")
    exists_in_en = _exists_in("en")
    # What lists say of it: to work that out of the texts takes longer than all else on a card.
    excerpt_ko = ExcerptField("summary_ko", "body_ko")
    excerpt_en = ExcerptField("summary_en", "body_en")
    # How many errors and warnings the doctor had when it was saved last, for lists to filter by.
    finding_count = models.PositiveSmallIntegerField(_("findings"), default=0, editable=False)

    # Which text or post elsewhere this release came from, and what was saved then.
    source_key = models.CharField(
        max_length=200, unique=True, null=True, blank=True, editable=False
    )
    source_digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    edited_at = models.DateTimeField(_("last edited"), auto_now=True)

    title = Bilingual("title")
    body = Bilingual("body")
    withdrawal_reason = Bilingual("withdrawal_reason")

    # What queries add for a page.
    hit: "Hit | None" = None  # what a search found in it: see `search.marks`
    times_read: int | None = None

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        permissions = [
            ("see_every_release", _("Can see releases of others before they are public")),
            ("edit_any_release", _("Can change releases that others began")),
            ("publish_release", _("Can publish and schedule releases")),
            ("withdraw_release", _("Can withdraw public releases")),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_release_has_a_headline",
                condition=~Q(title_ko="") | ~Q(title_en=""),
                violation_error_message=_("Write a headline in Korean or in English."),
            ),
            models.CheckConstraint(
                name="an_approved_release_says_when",
                condition=Q(approved_at=None) | Q(publish_at__isnull=False),
                violation_error_message=_("Say when an approved release is to be posted."),
            ),
            models.CheckConstraint(
                name="an_approved_release_has_a_text",
                condition=Q(approved_at=None) | ~Q(body_ko="") | ~Q(body_en=""),
                violation_error_message=_("An approved release needs a text in some language."),
            ),
            models.CheckConstraint(
                name="only_approved_releases_are_withdrawn",
                condition=Q(withdrawn_at=None) | Q(approved_at__isnull=False),
                violation_error_message=_("Only an approved release can be withdrawn."),
            ),
            models.CheckConstraint(
                name="only_withdrawn_releases_are_replaced",
                condition=Q(replaced_by=None) | Q(withdrawn_at__isnull=False),
                violation_error_message=_("Only a withdrawn release can be replaced."),
            ),
            models.CheckConstraint(
                name="no_release_replaces_itself",
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")),
                violation_error_message=_("A release cannot replace itself."),
            ),
            models.CheckConstraint(
                name="only_approved_releases_are_corrected",
                condition=Q(corrected_at=None) | Q(approved_at__isnull=False),
                violation_error_message=_("Only a public release can be corrected."),
            ),
        ]
        indexes = [
            _of_public_releases(
                "newest_public_releases",
                *("-publish_at", "-release_date", "-id", "exists_in_ko", "exists_in_en"),
            ),
            _of_public_releases(
                "releases_of_a_mission", "mission", "-publish_at", "-release_date", "-id"
            ),
            _of_public_releases(
                "releases_of_a_day", "-release_date", "mission", "-publish_at", "-id"
            ),
            _of_public_releases("last_edited_releases", "-edited_at", "-publish_at"),
            models.Index(fields=["-publish_at", "-release_date", "-id"], name="newest_releases"),
            # What the desk works on is little beside all that was ever public.
            models.Index(
                fields=["submitted_at", "id"],
                name="unapproved_releases",
                condition=Q(approved_at=None),
            ),
            models.Index(
                fields=["-withdrawn_at", "id"],
                name="withdrawn_releases",
                condition=Q(withdrawn_at__isnull=False),
            ),
            models.Index(fields=["finding_count"], name="releases_by_findings"),
        ]

    def __str__(self) -> str:
        return f"({self.headline_date}) {self.title}"

    def save(self, *args, **kwargs):
        if not self.slug or self.slug in TAKEN_SLUGS:
            self.slug = self.slug_from_title()
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "slug"}
        fields = kwargs.get("update_fields")
        if fields is not None and not index.INDEXED.intersection(fields):
            super().save(*args, **kwargs)
            return
        if fields is not None and TEXTS.intersection(fields):
            kwargs["update_fields"] = {*fields, *EXCERPTS}
        with transaction.atomic():
            super().save(*args, **kwargs)
            index.put([self.pk])

    def get_absolute_url(self, language: str | None = None) -> str:
        """Where the public reads it, in `language` ("ko" or "en"; default the reader's)."""
        return address_of("releases:detail", self.pk, self.slug, language=language)

    def validate_constraints(self, exclude=None):
        # A form does not show these times, and may still break a rule that names them.
        super().validate_constraints(set(exclude or ()) - {"approved_at", "withdrawn_at"})

    def slug_from_title(self) -> str:
        """An address made of the headline, the Korean one first; never empty."""
        slug = slugify(self.title_ko or self.title_en, allow_unicode=True)
        slug = slug[:SLUG_LENGTH].strip("-_")
        return "release" if slug in {"", *TAKEN_SLUGS} else slug

    def get_text_url(self) -> str:
        """Where it stands as plain text, in the reader's language."""
        return address_of("releases:text", self.pk, self.slug)

    def state_at(self, at: datetime) -> State:
        """Where the release stands at `at` (aware). The querysets ask the database the same."""
        if self.withdrawn_at:
            return State.WITHDRAWN
        if self.approved_at:
            return State.PUBLIC if self.publish_at <= at else State.SCHEDULED
        return State.IN_REVIEW if self.submitted_at else State.DRAFT

    @property
    def state(self) -> State:
        """Where the release stands now."""
        return self.state_at(timezone.now())

    @property
    def is_replaced(self) -> bool:
        """Whether its address leads on: it was withdrawn for another, and not for a reason."""
        return bool(self.replaced_by_id and self.withdrawn_at and not self.withdrawal_reason)

    @property
    def headline_date(self) -> str:
        """The release date as headlines carry it: 2014/9/9."""
        return f"{self.release_date.year}/{self.release_date.month}/{self.release_date.day}"

    @property
    def dateline(self) -> Text:
        """The place that opens the text, in the language of the text; empty without one.

        A mission that has no name in that language goes by its other one.
        """
        lang = self.body.lang
        place = getattr(self, f"dateline_{lang}")
        if place or not self.mission:
            return Text(place, lang)
        name = getattr(self.mission, f"name_{lang}")
        return Text(name, lang) if name else self.mission.name

    @property
    def heading(self) -> Text:
        """What stands above the contacts, in the language of the text that they follow.

        As printed; the usual words where nothing was, or where it was printed under the text
        in the other language.
        """
        lang = self.body.lang
        printed = self.contact_heading
        fits = printed and language_of(printed) == lang
        return Text(printed if fits else USUAL_HEADING[lang], lang)

    @property
    def summary(self) -> Text:
        """A few plain words for a list: the summary, else the opening of the text.

        Both in the reader's language come before either in the other one. What was fetched
        without its texts says what was stored of them.
        """
        is_whole = self.__dict__.keys() >= TEXTS
        for lang in reading_order():
            if is_whole:
                words = excerpt(getattr(self, f"summary_{lang}"), getattr(self, f"body_{lang}"))
            else:
                words = getattr(self, f"excerpt_{lang}")
            if words:
                return Text(words, lang)
        return Text("", reader_language())

    @property
    def languages(self) -> list[str]:
        """Languages in which there is a headline or a text, the reader's first."""
        return [
            lang
            for lang in reading_order()
            if getattr(self, f"title_{lang}") or getattr(self, f"body_{lang}")
        ]

    @property
    def views(self) -> int:
        """How often it was read, the old site's count included.

        From its `counter`, which is to be selected before, or as a query says by `times_read`.
        """
        if self.times_read is not None:
            return self.times_read
        return self.counter.total if hasattr(self, "counter") else 0

    @property
    def posted_at(self) -> datetime:
        """When the public could first read it, in Seoul time, to the second."""
        return timezone.localtime(self.publish_at).replace(microsecond=0)

    @property
    def changed_at(self) -> datetime:
        """When what the public sees last changed, in Seoul time, to the second."""
        moment = max(self.edited_at, self.publish_at)
        return timezone.localtime(moment).replace(microsecond=0)

    @property
    def html(self) -> SafeString:
        """The text as HTML, opened by its dateline: "<p>Iraq - IOM …"."""
        # CleanHTMLField has cleaned the body; the dateline is escaped here.
        body = mark_safe(str(self.body))  # nosec B308 # the gate cleaned it
        if not (dateline := self.dateline):
            return body
        lang = format_html(' lang="{}"', dateline.lang) if dateline.lang != self.body.lang else ""
        place = format_html('<span class="dateline"{}>{}</span>', lang, str(dateline))
        if first := FIRST_PARAGRAPH.match(body):
            opening_tag, rest = mark_safe(first[0]), mark_safe(body[first.end() :])  # nosec B308 # the gate cleaned it
            return format_html("{}{} - {}", opening_tag, place, rest)
        return format_html("<p>{}</p>{}", place, body)

    @property
    def reading_minutes(self) -> int:
        """How long the text takes to read, in minutes, at least 1."""
        return reading_minutes(self.body, self.body.lang)

    @cached_property
    def contact_block(self) -> "list[ReleaseContact]":
        """The rows of the contact block in order; one query, none when they were prefetched."""
        return sorted(self.contacts.all(), key=lambda row: row.position)

    @cached_property
    def public_corrections(self) -> "list[Correction]":
        """Its corrections, newest first; no query where there are none or they were prefetched."""
        return list(self.corrections.all()) if self.corrected_at else []
