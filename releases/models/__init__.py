"""What a release is and all that is kept of it; a module for each thing."""

from .addresses import ADDRESS_LENGTH, OldAddress
from .contact_block import Card, ReleaseContact
from .content import Change
from .corrections import Correction
from .moves import Move, Stage, Task
from .pictures import CARD, Attachment, Kind, Picture, Upload
from .record import REMARKS, Presence, Step, Version
from .release import Release, State
from .sharing import Answer, Approval, LinkOpening, Purpose, ShareLink
from .views import DailyViews, ReaderKey, RecentReader, ViewCounter

__all__ = [
    "ADDRESS_LENGTH",
    "CARD",
    "REMARKS",
    "Answer",
    "Approval",
    "Attachment",
    "Card",
    "Change",
    "Correction",
    "DailyViews",
    "Kind",
    "LinkOpening",
    "Move",
    "OldAddress",
    "Picture",
    "Presence",
    "Purpose",
    "ReaderKey",
    "RecentReader",
    "Release",
    "ReleaseContact",
    "ShareLink",
    "Stage",
    "State",
    "Step",
    "Task",
    "Upload",
    "Version",
    "ViewCounter",
]
