"""The templates of the public pages."""

import pytest
from django.template import engines

ENVIRONMENT = engines["jinja2"].env


@pytest.mark.parametrize("name", ENVIRONMENT.list_templates())
def test_each_can_be_read(name):
    assert ENVIRONMENT.get_template(name).name == name
