"""Pictures: what is let in, and what is made of it.

Nothing that was sent in is ever given out: each picture is read as pixels and written anew,
so neither a position in its metadata nor a script behind its last byte comes along.
"""

import io
import secrets
import threading
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from . import storing
from .models import CARD, Picture

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
# Of a file that is made of one: four bytes a pixel where nothing packs it, and what goes with them.
MOST_WRITTEN = 4 * MOST_PIXELS + 2**20
LONGEST_SIDE = 16_000  # pixels; WebP ends at 16,383
WIDTHS = (480, 960, 1600)  # pixels
ENDINGS = {"JPEG": "jpg", "PNG": "png"}
BEST = {
    "JPEG": {"quality": 92, "optimize": True, "progressive": True},
    "PNG": {"compress_level": 6},
}

# The largest picture that we take costs about 500 MB while it is read: one at a time in a
# process.
_one_at_a_time = threading.Lock()


def prepare(file: File, name: str) -> dict[str, Any]:
    """Write the files of a picture; return the columns of the Picture that they make.

    Takes seconds (4 to 5 on two busy cores), so call it outside of a transaction.
    Raises ValidationError, for the editor and naming the file as `name`, where it isn't taken.
    """
    with _one_at_a_time:
        pixels, kind = _read(file, name)
        folder = storing.new_folder("pictures")
        original = storing.write(
            f"{folder}/original.{ENDINGS[kind]}", _encode(pixels, kind, **BEST[kind])
        )
        widths = sorted({min(width, pixels.width) for width in WIDTHS})
        copy = pixels
        for width in reversed(widths):
            if width < copy.width:
                size = (width, max(1, round(pixels.height * width / pixels.width)))
                copy = copy.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
            storing.write(f"{folder}/{width}.webp", _encode(copy, "WEBP", quality=78, method=4))
            storing.write(f"{folder}/{width}.avif", _encode(copy, "AVIF", quality=62, speed=8))
    width, height = pixels.size
    return {"image": original, "width": width, "height": height, "widths": widths}


def check(file: File, name: str) -> None:
    """Raise ValidationError where `prepare` would."""
    with _one_at_a_time:
        _read(file, name)


def cut_card(picture: Picture) -> None:
    """Cut what other sites show of `picture` around its crop point; unsaved.

    It gets a new name, and an older one stays, because versions name it.
    """
    with default_storage.open(f"{picture.folder}/{picture.widths[-1]}.webp") as file:
        pixels = Image.open(file, formats=("WEBP",))
        box = cut(pixels.size, CARD, (picture.crop_x, picture.crop_y))
        card = pixels.crop(box).resize(CARD, Image.Resampling.LANCZOS)
    name = f"{picture.folder}/card-{secrets.token_hex(4)}.jpg"
    picture.card = storing.write(name, _encode(card, "JPEG", quality=82, progressive=True))


def cut(
    size: tuple[int, int], shape: tuple[int, int], centre: tuple[float, float]
) -> tuple[int, int, int, int]:
    """The largest box of `shape` in a picture of `size`, as near to `centre` as it can stand.

    `centre` is in fractions; the box is left, upper, right, lower in pixels.
    """
    scale = min(size[0] / shape[0], size[1] / shape[1])
    box = [max(1, min(whole, round(part * scale))) for whole, part in zip(size, shape, strict=True)]
    left, upper = (
        min(max(0, round(fraction * whole - part / 2)), whole - part)
        for whole, part, fraction in zip(size, box, centre, strict=True)
    )
    return left, upper, left + box[0], upper + box[1]


def _read(file: File, name: str) -> tuple[Image.Image, str]:
    """The pixels of `file`, upright, in sRGB and with nothing else; and as what to keep it.

    Raises ValidationError, for the editor, where it is no picture that we take.
    """
    about = {"name": name}
    if file.size > MOST_BYTES:
        about |= {"size": filesizeformat(file.size), "most": filesizeformat(MOST_BYTES)}
        raise ValidationError(_("“%(name)s” has %(size)s; a picture may have %(most)s.") % about)
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
        # Before a single pixel is unpacked: a few kilobytes can claim gigabytes.
        _check_size(image.size, about)
        if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
            raise ValidationError(
                _("“%(name)s” moves. Choose a picture that stands still.") % about
            )
        image.load()
        return _plain(image)
    except ValidationError:
        raise
    except Image.DecompressionBombError as error:
        raise ValidationError(_too_large(about)) from error
    except UnidentifiedImageError as error:
        raise ValidationError(_no_picture(file, about)) from error
    # Decoders raise nearly anything when a file is broken, on purpose or not.
    except Exception as error:
        raise ValidationError(
            _("“%(name)s” is broken or incomplete. Save it anew, or get it once more.") % about
        ) from error


def _check_size(size: tuple[int, int], about: dict[str, str]) -> None:
    width, height = size
    if width * height > MOST_PIXELS or max(size) > LONGEST_SIDE:
        raise ValidationError(_too_large(about | {"width": width, "height": height}))


def _too_large(about: dict) -> str:
    about = about | {"most": MOST_PIXELS // 1_000_000, "side": f"{LONGEST_SIDE:,}"}
    if "width" not in about:
        return _(
            "“%(name)s” has too many pixels. A picture may have %(most)s million pixels, and "
            "%(side)s on a side."
        ) % (about)
    return _(
        "“%(name)s” has %(width)s × %(height)s pixels. A picture may have %(most)s million "
        "pixels, and %(side)s on a side."
    ) % (about)


def _no_picture(file: File, about: dict[str, str]) -> str:
    file.seek(0)
    start = file.read(1024).lower()
    if b"<svg" in start:
        return _(
            "“%(name)s” is an SVG drawing, which can hold scripts. Save it as PNG and choose that."
        ) % (about)
    if b"<html" in start or b"<!doctype html" in start or b"<script" in start:
        return _("“%(name)s” is a web page and not a picture, whatever its name says.") % about
    return _("“%(name)s” is no picture that we can take: choose a JPEG, PNG, WebP or AVIF.") % about


def _plain(image: Image.Image) -> tuple[Image.Image, str]:
    kind = "PNG" if image.format == "PNG" else "JPEG"
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)  # a copy would cost as much again
    upright = image
    if upright.has_transparency_data:
        kind = "PNG"  # JPEG can't hold it
        upright = upright.convert("RGBA")
    elif upright.mode.startswith("I;16"):
        upright = upright.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
        profile = None
    elif upright.mode not in ("RGB", "CMYK"):
        upright = upright.convert("RGB")
    if profile:
        upright = _in_srgb(upright, profile)
    if upright.mode == "CMYK":
        upright = upright.convert("RGB")
    # A new picture has no metadata that an encoder could find.
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    return plain, kind


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """`image` as its own profile says that it looks; as it is, where that can't be read."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, srgb, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _encode(pixels: Image.Image, kind: str, **how) -> bytes:
    if kind == "JPEG" and pixels.mode == "RGBA":
        white = Image.new("RGB", pixels.size, "white")
        white.paste(pixels, mask=pixels.getchannel("A"))
        pixels = white
    out = io.BytesIO()
    pixels.save(out, kind, **how)
    return out.getvalue()
