import pytest

from tests.desk.keeping import at_desk
from tests.desk.people import EDITOR, person


@pytest.fixture
def editor():
    return person(EDITOR)


@pytest.fixture
def desk(editor):
    return at_desk(editor)
