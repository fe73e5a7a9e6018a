"""Nothing secret shows at any public address, and the check that says so is not blind."""

from io import StringIO

import pytest
from django.core.management import call_command

from contacts.models import Mission
from releases import samples
from releases.models import Release

pytestmark = pytest.mark.django_db


def test_the_samples_leak_nothing_and_stay_as_they_are():
    samples.load()
    before = Release.objects.count(), Mission.objects.count()
    out = StringIO()

    call_command("check_leaks", stdout=out)

    assert out.getvalue() == "No secret shows at any public address.\n"
    assert (Release.objects.count(), Mission.objects.count()) == before
