import pytest

from releases import counting
from releases.readers import KeyRing


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """Each test begins as a process that has counted nothing; call it for another process."""

    def start() -> KeyRing:
        ring = KeyRing()
        monkeypatch.setattr(counting, "ring", ring)
        return ring

    start()
    return start
