"""Pictures and files of a release: what they are called, and where their bytes lie.

Their bytes are written by `releases.pictures` and `releases.attachments` alone, and reach
readers through `releases.media` alone.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import Bilingual, Text, reader_language
from contacts.text import LineField

from .release import Release

CARD = (1200, 630)  # pixels: what links to a release show on other sites (Open Graph)


class Kind(models.TextChoices):
    """What a file is by its content; the value is the ending of its name."""

    PDF = "pdf", "PDF"
    DOCX = "docx", _("Word")
    HWP = "hwp", "HWP"
    HWPX = "hwpx", "HWPX"
    XLSX = "xlsx", _("Excel")
    PPTX = "pptx", _("PowerPoint")


class Picture(models.Model):
    """One picture of a release. `folder` holds its files, all written anew and without metadata."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    # The best that we keep of it, for the press to download; its folder's name can't be guessed.
    image = models.FileField(_("picture"), editable=False)
    width = models.PositiveIntegerField(editable=False)  # pixels
    height = models.PositiveIntegerField(editable=False)
    # Widths in pixels of its smaller copies, each as AVIF and as WebP.
    widths = models.JSONField(default=list, editable=False)
    # The file of CARD size; it gets another name whenever it is cut anew.
    card = models.CharField(max_length=100, editable=False)

    alt_ko = LineField(
        _("description in Korean"),
        max_length=300,
        blank=True,
        help_text=_("What is to be seen, for those who cannot see it."),
    )
    alt_en = LineField(_("description in English"), max_length=300, blank=True)
    is_decorative = models.BooleanField(
        _("only decorates"),
        default=False,
        help_text=_("It says nothing that the text does not: readers who cannot see it skip it."),
    )
    caption_ko = LineField(_("caption in Korean"), max_length=500, blank=True)
    caption_en = LineField(_("caption in English"), max_length=500, blank=True)
    credit = LineField(
        _("credit"), max_length=200, blank=True, help_text=_("Who made it: © IOM / Name")
    )
    crop_x = models.FloatField(
        _("crop point across"),
        default=0.5,
        help_text=_("What must stay when it is cut to size: 0 is the left edge, 1 the right."),
    )
    crop_y = models.FloatField(
        _("crop point down"), default=0.5, help_text=_("0 is the upper edge, 1 the lower.")
    )

    caption = Bilingual("caption")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "pk"]
        # Old addresses lead to it by its name.
        indexes = [models.Index(fields=["image"], name="pictures_by_name")]
        constraints = [
            models.UniqueConstraint("release", "position", name="one_place_per_picture"),
            models.CheckConstraint(
                name="a_picture_is_described_or_decorates",
                condition=Q(is_decorative=True) | ~Q(alt_ko="") | ~Q(alt_en=""),
                violation_error_message=_("Describe the picture in Korean or in English."),
            ),
            models.CheckConstraint(
                name="a_crop_point_is_in_its_picture",
                condition=Q(crop_x__range=(0, 1), crop_y__range=(0, 1)),
                violation_error_message=_("The crop point must be in the picture: from 0 to 1."),
            ),
        ]

    def __str__(self) -> str:
        return self.alt_ko or self.alt_en or str(_("Decoration"))

    @property
    def alt(self) -> Text:
        """What a screen reader says instead; empty where the picture only decorates."""
        if self.is_decorative:
            return Text("", reader_language())
        return self.described

    described = Bilingual("alt")

    @property
    def folder(self) -> str:
        """Where all of its files lie in the storage."""
        return self.image.name.rpartition("/")[0]

    @property
    def ending(self) -> str:
        """ "jpg" or "png": what the press downloads."""
        return self.image.name.rpartition(".")[2]

    # That of the share link through which it is looked at, "" at its public address.
    token = ""  # nosec B105 # no password

    @property
    def original_url(self) -> str:
        if self.token:
            return reverse("shared-original", args=[self.token, self.pk, self.ending])
        return reverse("picture-original", args=[self.release_id, self.pk, self.ending])

    @property
    def card_url(self) -> str:
        return self._address(CARD[0], "jpg")

    def _address(self, width: int, ending: str) -> str:
        if self.token:
            return reverse("shared-picture", args=[self.token, self.pk, width, ending])
        return reverse("picture", args=[self.release_id, self.pk, width, ending])

    def copies(self, kind: str) -> list[tuple[str, int]]:
        """Address and width in pixels of each copy in `kind`, "avif" or "webp"; narrow first."""
        return [(self._address(width, kind), width) for width in self.widths]

    @property
    def avif(self) -> str:
        """A `srcset` of the AVIF copies."""
        return ", ".join(f"{address} {width}w" for address, width in self.copies("avif"))

    @property
    def webp(self) -> str:
        """A `srcset` of the WebP copies."""
        return ", ".join(f"{address} {width}w" for address, width in self.copies("webp"))

    @property
    def usual_url(self) -> str:
        """The copy for browsers that choose none themselves."""
        copies = self.copies("webp")
        return copies[min(1, len(copies) - 1)][0]


class Attachment(models.Model):
    """A file that readers may download with a release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    file = models.FileField(_("file"), editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)  # bytes
    # As it was called where it came from, its ending that of its kind.
    name = LineField(_("file name"), max_length=150, editable=False)
    title_ko = LineField(
        _("title in Korean"),
        max_length=200,
        blank=True,
        help_text=_("The file’s name when both are empty."),
    )
    title_en = LineField(_("title in English"), max_length=200, blank=True)

    written_title = Bilingual("title")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["file"], name="files_by_name")]
        constraints = [
            models.UniqueConstraint("release", "position", name="one_place_per_file"),
            models.CheckConstraint(
                name="a_file_has_a_name_and_a_known_kind",
                condition=~Q(name="") & Q(kind__in=Kind.values),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> Text:
        """What the page calls it."""
        return self.written_title or Text(self.name, "")

    # As that of a picture.
    token = ""  # nosec B105 # no password

    @property
    def url(self) -> str:
        if self.token:
            return reverse("shared-file", args=[self.token, self.pk, self.name])
        return reverse("release-file", args=[self.release_id, self.pk, self.name])


def _new_key() -> str:
    return secrets.token_hex(16)


class Upload(models.Model):
    """What somebody has sent for a form and not saved yet; its files are written already.

    So a form that is refused keeps its pictures, and no transaction waits for an encoder.
    """

    # In the form as a hidden field; of use to `by` alone, in this release's form.
    key = models.CharField(max_length=32, primary_key=True, default=_new_key)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # None in the form of a new one.
    release = models.ForeignKey(Release, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=255)
    # Columns of the Picture or the Attachment that it becomes.
    content = models.JSONField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name
