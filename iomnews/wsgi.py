import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iomnews.settings")
django.setup(set_prefix=False)

from iomnews.handler import Handler  # noqa: E402

application = Handler()
