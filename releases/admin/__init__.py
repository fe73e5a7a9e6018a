"""The editors' desk, a module for each piece of furniture."""

from .moving import MoveAdmin
from .release import ReleaseAdmin

__all__ = ["MoveAdmin", "ReleaseAdmin"]
