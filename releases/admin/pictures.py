"""Pictures and files of a release in its form.

What is sent is looked at and written before the form is: a refused file is named at its row,
and one that is taken waits as an Upload, whose key goes into the form's hidden field `kept`.
So whatever else is wrong with the form, nothing has to be chosen twice.
"""

import re

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.text import clean_line
from releases import attachments, media, pictures, storing
from releases.models import Attachment, Picture, Release, Upload

from .rows import RowForm, Rows
from .typed import MIDDLE

SENT = re.compile(r"(pictures|files)-\d{1,4}-upload")
PREPARE = {"pictures": pictures.prepare, "files": attachments.prepare}
MOST_ROWS = 20  # pictures, and as many files


class UploadRowForm(RowForm):
    """A row whose file, once sent, is never another's: to replace it, add a row."""

    upload = forms.FileField(required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    choose: str  # what is said where nothing was chosen
    sample = ""  # a column that only what we wait for has

    def __init__(self, *args, request: HttpRequest, release_pk: int | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.refused = getattr(request, "refused", {}).get(self.add_prefix("upload"))
        self.sent = None
        # A check saves nothing, so it leaves what was chosen where it is.
        self.is_received = hasattr(request, "refused")
        if self.instance.pk:
            # The desk's layout names them for each row.
            for name in ("upload", "kept"):
                self.fields[name].disabled = True
                self.fields[name].widget = forms.HiddenInput()
        elif key := self.is_bound and self.data.get(self.add_prefix("kept")):
            waiting = Upload.objects.filter(key=key, by=request.user.pk, release=release_pk)
            self.sent = next((u for u in waiting if self.sample in u.content), None)
        if self.sent:
            self.instance.sent = self.sent
            self.fields["upload"].help_text = _(
                "“%(name)s” has been received. Choose a file only to take another."
            ) % {"name": self.sent.name}

    def clean(self):
        super().clean()
        if self.refused:
            self.add_error("upload", self.refused)
        elif self.sent:
            for name, value in self.sent.content.items():
                setattr(self.instance, name, value)
        elif self.cleaned_data.get("upload") and not self.is_received:
            pass
        elif not self.instance.pk and self.has_changed():
            lost = self.data.get(self.add_prefix("kept"))
            self.add_error(
                "upload",
                _("It is not kept any more: choose the file again.") if lost else self.choose,
            )

    def has_changed(self):
        return bool(self.refused) or super().has_changed()


class PictureForm(UploadRowForm):
    choose = gettext_lazy("Choose a picture, or remove the row.")
    sample = "image"

    class Meta:
        model = Picture
        fields = [
            "place", "alt_ko", "alt_en", "is_decorative", "caption_ko", "caption_en", "credit",
            "crop_x", "crop_y",
        ]  # fmt: skip

    crop_x = forms.FloatField(
        label=gettext_lazy("Crop point across"),
        help_text=gettext_lazy("0 is the left edge, 1 the right."),
        min_value=0,
        max_value=1,
        step_size=0.01,
        initial=MIDDLE,
        required=False,
    )
    crop_y = forms.FloatField(
        label=gettext_lazy("Crop point down"),
        help_text=gettext_lazy("0 is the upper edge, 1 the lower."),
        min_value=0,
        max_value=1,
        step_size=0.01,
        initial=MIDDLE,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            upload = self.fields["upload"]
            upload.label = _("Picture")
            upload.widget.attrs["accept"] = ",".join(media.IMAGE_TYPES.values())
            upload.help_text = upload.help_text or _(
                "JPEG, PNG, WebP or AVIF, at most %(size)s and %(pixels)s million pixels."
            ) % {
                "size": filesizeformat(pictures.MOST_BYTES),
                "pixels": pictures.MOST_PIXELS // 1_000_000,
            }

    def clean_crop_x(self):
        point = self.cleaned_data["crop_x"]
        return MIDDLE if point is None else point

    def clean_crop_y(self):
        point = self.cleaned_data["crop_y"]
        return MIDDLE if point is None else point

    def clean(self):
        super().clean()
        said = self.cleaned_data
        described = said.get("is_decorative") or said.get("alt_ko") or said.get("alt_en")
        if not described and not {"alt_ko", "alt_en"} & set(self.errors):
            self.add_error(
                "alt_ko",
                _("Describe the picture in Korean or in English, or say that it only decorates."),
            )


class FileForm(UploadRowForm):
    choose = gettext_lazy("Choose a file, or remove the row.")
    sample = "file"

    class Meta:
        model = Attachment
        fields = ["place", "title_ko", "title_en"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            upload = self.fields["upload"]
            upload.label = _("File")
            upload.help_text = upload.help_text or _(
                "PDF, HWP, HWPX, DOCX, XLSX or PPTX, at most %(size)s."
            ) % {"size": filesizeformat(attachments.MOST_BYTES)}


class UploadRows(Rows):
    request: HttpRequest  # given by the inline

    def is_multipart(self):
        # Django asks the first row alone, and a saved row takes no other file.
        return True

    def get_form_kwargs(self, index):
        kwargs = super().get_form_kwargs(index)
        return kwargs | {"request": self.request, "release_pk": self.instance.pk}

    def save_row(self, form):
        super().save_row(form)
        if form.sent:
            form.sent.delete()


class PictureRows(UploadRows):
    def save_row(self, form):
        if form.sent or {"crop_x", "crop_y"} & set(form.changed_data):
            pictures.cut_card(form.instance)
        super().save_row(form)


class _OfRelease(admin.StackedInline):
    """Whoever may see or change the release may see or change its pictures and files."""

    extra = 0
    max_num = MOST_ROWS
    template = "admin/releases/release/_uploads.html"

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.request = request
        return formset

    def get_extra(self, request, obj=None, **kwargs):
        return 1  # for those without scripts

    def has_view_permission(self, request, obj=None):
        return self._desk.has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._desk.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._desk.has_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        if obj is None:
            return self._desk.has_add_permission(request)
        return self._desk.has_change_permission(request, obj)

    @property
    def _desk(self) -> admin.ModelAdmin:
        return self.admin_site.get_model_admin(Release)


class PictureInline(_OfRelease):
    model = Picture
    form = PictureForm
    formset = PictureRows
    readonly_fields = ["thumbnail"]
    fields = [
        ("place", "thumbnail"),
        ("upload", "kept"),
        ("alt_ko", "alt_en"),
        "is_decorative",
        ("caption_ko", "caption_en"),
        "credit",
        ("crop_x", "crop_y"),
    ]

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, picture: Picture) -> SafeString:
        """The picture to set its crop point on; empty until one is chosen."""
        how = _("Click where the crop point is to be, or move it with the arrow keys.")
        address, size = "", (0, 0)
        if picture.pk:
            address = reverse(
                "admin:releases_release_picture",
                args=[picture.release_id, picture.pk, f"{picture.widths[0]}.webp"],
            )
            size = (picture.width, picture.height)
        elif sent := getattr(picture, "sent", None):
            address = reverse("admin:releases_release_upload", args=[sent.key])
            size = (sent.content["width"], sent.content["height"])
        if not address:
            return format_html(
                '<div class="crop" data-crop data-how="{}" data-chosen="{}"></div>',
                how,
                _("The picture that was chosen"),
            )
        image = format_html(
            '<img src="{}" width="{}" height="{}" alt="{}">',
            address,
            *size,
            str(picture) if picture.pk else sent.name,
        )
        return format_html('<div class="crop" data-crop data-how="{}">{}</div>', how, image)


class FileInline(_OfRelease):
    model = Attachment
    form = FileForm
    formset = UploadRows
    readonly_fields = ["stored"]
    fields = [("place", "stored"), ("upload", "kept"), ("title_ko", "title_en")]

    @admin.display(description=gettext_lazy("file"))
    def stored(self, attachment: Attachment) -> str:
        if not attachment.pk:
            return "–"
        address = reverse(
            "admin:releases_release_file", args=[attachment.release_id, attachment.pk]
        )
        return format_html(
            '<a href="{}">{}</a> ({}, {})',
            address,
            attachment.name,
            attachment.get_kind_display(),
            filesizeformat(attachment.size),
        )


class Pictures:
    """Part of `ReleaseAdmin`."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            self._receive(request, object_id)
        # A card that was cut for a save that then failed would belong to nobody.
        with storing.undone_on_failure():
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _receive(self, request: HttpRequest, object_id: str | None) -> None:
        """Write what was sent, before the transaction that saves the form begins."""
        release = self.get_object(request, object_id) if object_id else None
        if release:
            allowed = self.has_change_permission(request, release)
        else:
            allowed = not object_id and self.has_add_permission(request)
        if not allowed:
            return
        request.refused = {}
        sent = request.POST.copy()
        for field, file in request.FILES.items():
            if not (row := SENT.fullmatch(field)):
                continue
            name = clean_line(file.name)
            try:
                # Nor may files lie there whose row the database did not take.
                with storing.undone_on_failure():
                    content = PREPARE[row[1]](file, name)
                    upload = storing.receive(content, name, request.user, release and release.pk)
            except ValidationError as error:
                request.refused[field] = error
            except storing.StorageAway:
                request.refused[field] = ValidationError(
                    _(
                        "“%(name)s” can't be kept just now: the storage of pictures and files does "
                        "not answer. All else stands here as you typed it; choose the file again "
                        "in a few minutes and save."
                    )
                    % {"name": name}
                )
            else:
                sent[field.removesuffix("upload") + "kept"] = upload.key
        request.POST = sent

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("uploads/<str:key>/", view(self.upload_view), name="releases_release_upload"),
            path(
                "<int:pk>/pictures/<int:picture_pk>/<str:name>",
                view(self.picture_view),
                name="releases_release_picture",
            ),
            path(
                "<int:pk>/files/<int:file_pk>/",
                view(self.file_view),
                name="releases_release_file",
            ),
            *super().get_urls(),
        ]

    def picture_view(
        self, request: HttpRequest, pk: int, picture_pk: int, name: str
    ) -> HttpResponse:
        """A copy of a picture, or the original, for those who may see the release at the desk."""
        picture = get_object_or_404(self._seen(request, pk).pictures, pk=picture_pk)
        stem, _dot, ending = name.rpartition(".")
        if stem == "original":
            return _unkept(media.send_original(request, picture, ending))
        if not re.fullmatch(r"[0-9]{1,5}", stem):
            raise Http404("no such copy")
        return _unkept(media.send_copy(request, picture, int(stem), ending))

    def file_view(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
        """A file, for those who may see the release at the desk."""
        attachment = get_object_or_404(self._seen(request, pk).files, pk=file_pk)
        return _unkept(media.send_file(request, attachment))

    def upload_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """A small copy of a picture that its sender has not saved yet."""
        upload = get_object_or_404(Upload, key=key, by=request.user, content__has_key="image")
        unsaved = Picture(**upload.content)
        return _unkept(media.send_copy(request, unsaved, unsaved.widths[0], "webp"))

    def _seen(self, request: HttpRequest, pk: int) -> Release:
        release = self.get_object(request, str(pk))
        if release is None:
            raise Http404("no such release")
        if not self.has_view_permission(request, release):
            raise PermissionDenied
        return release


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
