import pytest
from django.db import connection

from releases.search import engine


@pytest.fixture(autouse=True)
def _on_its_own(transactional_db, settings, tmp_path):
    """Folders of its own, and a search that is empty: what empties tables leaves it as it was."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    engine.clear(connection)
