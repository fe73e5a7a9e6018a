"""What is the same for all readers of an edition: made once for it by each process."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

from . import edition, replica

Asked = ParamSpec("Asked")
Made = TypeVar("Made")


class OnceAnEdition(Generic[Asked, Made]):
    """What `make` gives, made once for each edition and for all that it is asked with.

    It may depend on nothing else. When there are `most`, all are dropped. Whoever gets it shares
    it with other threads, and changes nothing of it.
    """

    def __init__(self, make: Callable[Asked, Made], most: int = 1_000):
        self._make, self._most = make, most
        self._edition: tuple | None = None
        self._made: dict[Hashable, Made] = {}
        self._making = Lock()

    def __call__(self, *asked: Asked.args) -> Made:
        # Before making: what is edited meanwhile must not be taken for new.
        now = edition.watch.edition()
        present = now[:3]
        with self._making:
            if self._edition != present:
                self._edition, self._made = present, {}
            if asked not in self._made:
                if len(self._made) >= self._most:
                    self._made = {}
                # Whoever asks may be making a page of an edition before this one, which the
                # replica held, where it does not hold this one yet.
                with replica.reading(replica.is_read() and now.is_replicated):
                    self._made[asked] = self._make(*asked)
            return self._made[asked]
