"""Exports of WordPress (WXR 1.0 to 1.2) -> plain values. Pure: a file is read, no database."""

from .reading import Exports, read_export
from .site import Outline, is_wordpress, outline

__all__ = ["Exports", "Outline", "is_wordpress", "outline", "read_export"]
