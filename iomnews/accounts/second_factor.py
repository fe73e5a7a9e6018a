"""The second factor: a code from an app on the phone (TOTP, RFC 6238), or one from paper.

django-otp keeps the app's key, checks its codes, each once, and makes whoever is wrong wait ever
longer. Recovery codes are our own: django-otp would keep them readable.
"""

import base64
import hashlib
import re
import secrets
from enum import StrEnum

import segno
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import RecoveryCode

# Who may do this can publish in the newsroom's name: SECOND_FACTOR=editors means them.
PUBLISH = "releases.publish_release"
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
CODE_LENGTH = 16  # of 31 letters: 79 bits, so that a plain hash keeps them


class Opened(StrEnum):
    """What a code turned out to be."""

    BY_APP = "app"
    BY_PAPER = "paper"


def device_of(user: AbstractUser) -> TOTPDevice | None:
    """The app that `user` has set up, if any."""
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).first()


def must_have(user: AbstractUser) -> bool:
    """Whether SECOND_FACTOR asks `user` for one."""
    return settings.SECOND_FACTOR == "everyone" or (
        settings.SECOND_FACTOR == "editors" and user.has_perm(PUBLISH)
    )


def lacks(user: AbstractUser) -> bool:
    """Whether `user` must have one and has none: then nothing of the desk opens."""
    return settings.SECOND_FACTOR != "off" and not device_of(user) and must_have(user)


def new_key() -> str:
    """A new key for an app, in hexadecimal."""
    return secrets.token_hex(20)  # bytes, as RFC 4226 recommends


def device_with(user: AbstractUser, key: str) -> TOTPDevice:
    """The app of `user` with `key`, not saved: for the picture that a phone reads."""
    return TOTPDevice(user=user, key=key, name="app", confirmed=True)


def picture_of(device: TOTPDevice) -> str:
    """The address that sets an app up, as a picture to scan: a data: address of an SVG."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def in_letters(device: TOTPDevice) -> str:
    """The key as it is typed where no picture can be scanned: base32, in fours."""
    return " ".join(re.findall(".{1,4}", base64.b32encode(device.bin_key).decode()))


def set_up(user: AbstractUser, key: str, code: str) -> list[str] | None:
    """Take the app with `key` for `user`, who has none, if `code` is its code now.

    Gives recovery codes to be written down; None where the code is wrong.
    """
    device = device_with(user, key)
    totp = TOTP(device.bin_key)
    if not (token := _digits(code)) or not totp.verify(int(token), tolerance=device.tolerance):
        return None
    device.last_t, device.drift = totp.t(), totp.drift
    with transaction.atomic():
        drop(user)
        device.save()
        return new_codes(user)


def is_of_app(code: str) -> bool:
    """Whether `code` is written as those of apps are, and not as a recovery code."""
    return bool(_digits(code))


def opened_by(user: AbstractUser, code: str) -> Opened | None:
    """What `code` is for `user`; it opens once. None where it opens nothing."""
    device = device_of(user)
    if (token := _digits(code)) and device:
        return Opened.BY_APP if verify_token(user, device.persistent_id, token) else None
    used, _rows = RecoveryCode.objects.filter(user=user, digest=_digest(code)).delete()
    if not used:
        return None
    if device:
        device.throttle_reset()  # somebody else's wrong codes hold up no longer
    return Opened.BY_PAPER


def new_codes(user: AbstractUser) -> list[str]:
    """Recovery codes for `user`, to be shown once; those from before open nothing any more."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, digest=_digest(code)) for code in codes
        )
    return ["-".join(re.findall(".{4}", code)) for code in codes]


def drop(user: AbstractUser) -> bool:
    """Take the second factor of `user` away, recovery codes too: whether there was any."""
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        _rows, deleted = TOTPDevice.objects.filter(user=user).delete()
    return bool(deleted)


def _digits(code: str) -> str:
    """The six digits of an app's code, however they are spaced; "" for anything else."""
    code = re.sub(r"[\s-]", "", code)
    return code if re.fullmatch(r"[0-9]{6}", code) else ""


def _digest(code: str) -> str:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()
