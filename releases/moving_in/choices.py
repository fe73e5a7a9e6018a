"""What somebody wants of a move."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from django.conf import settings


@dataclass(frozen=True)
class Choices:
    """`missions`: term of the old site -> slug of a mission, "" for none; a term that is not in it
    goes by its name. `media`: a folder (in MOVING_DIR unless it is absolute) or an address, ""
    where there are none.
    """

    missions: dict[str, str] = field(default_factory=dict)
    with_pages: bool = False
    create_missions: bool = False
    overwrite: bool = False
    media: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        return cls(**{name: value for name, value in stored.items() if name in cls.__annotations__})

    @property
    def media_from(self) -> Path | str | None:
        """Where the old site's uploads are: a folder, an address, or nowhere."""
        if not self.media or self.media.lower().startswith(("http://", "https://")):
            return self.media or None
        return settings.MOVING_DIR / self.media
