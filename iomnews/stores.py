"""Where kept pages lie."""

from typing import Any

from django.core.cache.backends.locmem import LocMemCache

# Of each entry beside its own bytes: two dictionary slots, three objects (measured: 400).
OVERHEAD = 500  # bytes

_sizes: dict[str, list[int]] = {}


class BoundedCache(LocMemCache):
    """Django's cache in the memory of the process, bounded in bytes.

    What was asked for longest ago goes first. OPTIONS: `max_bytes` of all entries together. One
    may have a sixteenth of it: what is larger is not kept, or a single file would put out all
    pages.
    """

    def __init__(self, name: str, params: dict[str, Any]):
        options = {**params.get("OPTIONS", {})}
        self._max_bytes = options.pop("max_bytes")
        # Counting entries is not what bounds them.
        super().__init__(name, params | {"OPTIONS": options | {"MAX_ENTRIES": 2**62}})
        # Shared by the threads of the process, as Django does with the entries.
        self._size = _sizes.setdefault(name, [0])

    @property
    def size(self) -> int:
        """Of all entries, in bytes."""
        return self._size[0]

    def validate_key(self, key):
        """Any key will do: this is no memcached."""

    def _set(self, key, value, timeout=None):
        self._delete(key)
        weight = self._weight(key, value)
        if weight * 16 > self._max_bytes:
            return
        super()._set(key, value, timeout)
        self._size[0] += weight
        while self._size[0] > self._max_bytes:
            oldest = next(reversed(self._cache))
            self._delete(oldest)

    def _delete(self, key):
        if (value := self._cache.get(key)) is not None:
            self._size[0] -= self._weight(key, value)
        return super()._delete(key)

    def clear(self):
        with self._lock:
            self._cache.clear()
            self._expire_info.clear()
            self._size[0] = 0

    @staticmethod
    def _weight(key: str, value: bytes) -> int:
        return len(key) + len(value) + OVERHEAD
