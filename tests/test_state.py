"""Where a release stands, and who may read it when."""

import pytest
from django.utils import timezone

from releases.models import Release

from .factories import NINE, ONE_SECOND, ReleaseFactory

pytestmark = pytest.mark.django_db


def test_an_embargoed_release_is_public_from_its_hour():
    release = ReleaseFactory(publish_at=NINE)

    assert release not in Release.objects.public(at=NINE - ONE_SECOND)
    assert release in Release.objects.public(at=NINE)
