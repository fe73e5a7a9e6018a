import pytest

from releases.moving_in import starting


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Folders of the test's own for what is sent and for what an owner has put there."""
    settings.MOVING_DIR, settings.MOVES_DIR = tmp_path / "moving", tmp_path / "moves"
    settings.MOVING_DIR.mkdir()
    return settings


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """How often one would have been is the length of this list."""
    times = []
    monkeypatch.setattr(starting, "start", lambda: times.append("started"))
    return times
