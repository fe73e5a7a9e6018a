"""Where kept pages lie."""

import pickle  # nosec B403 # weighs, never loads
from collections.abc import Hashable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

# Of each entry beside its own bytes: key, dictionary slots, headers (measured: 2,800 of a page).
OVERHEAD = 3_000  # bytes

_sizes: dict[str, list[int]] = {}


class BoundedCache(LocMemCache):
    """Django's cache in the memory of the process, bounded in bytes; for what nobody changes.

    What was asked for longest ago goes first. OPTIONS: `max_bytes` of all entries together. One
    may have a sixteenth of it: what is larger is not kept, or a single file would put out all
    pages. Keys are whatever a dictionary takes, and get() gives the very object that was set: to
    make a copy of a page takes longer than to answer with it.
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

    def make_and_validate_key(self, key: Hashable, version=None) -> Hashable:
        """`key` as it is: this is no memcached."""
        return key

    def get(self, key: Hashable, default=None, version=None):
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key][0]

    def set(self, key: Hashable, value, timeout=DEFAULT_TIMEOUT, version=None):
        weight = len(pickle.dumps(value, self.pickle_protocol)) + OVERHEAD
        with self._lock:
            self._delete(key)
            if weight * 16 > self._max_bytes:
                return
            self._set(key, (value, weight), timeout)
            self._size[0] += weight
            while self._size[0] > self._max_bytes:
                self._delete(next(reversed(self._cache)))

    def _delete(self, key):
        if (entry := self._cache.get(key)) is not None:
            self._size[0] -= entry[1]
        return super()._delete(key)

    def clear(self):
        with self._lock:
            self._cache.clear()
            self._expire_info.clear()
            self._size[0] = 0
