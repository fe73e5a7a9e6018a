"""What a release is and all that is kept of it; a module for each thing."""

from .contact_block import Card, ReleaseContact
from .corrections import Correction
from .pictures import CARD, Attachment, Kind, Picture, Upload
from .record import Presence, Step, Version
from .release import Release, State
from .views import DailyViews, ReaderKey, RecentReader, ViewCounter

__all__ = [
    "CARD",
    "Attachment",
    "Card",
    "Correction",
    "DailyViews",
    "Kind",
    "Picture",
    "Presence",
    "ReaderKey",
    "RecentReader",
    "Release",
    "ReleaseContact",
    "State",
    "Step",
    "Upload",
    "Version",
    "ViewCounter",
]
