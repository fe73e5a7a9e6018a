"""The editors' desk, a module for each piece of furniture."""

from .release import ReleaseAdmin

__all__ = ["ReleaseAdmin"]
