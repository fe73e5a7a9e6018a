import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iomnews.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from iomnews import safety  # noqa: E402

if settings.METRICS:
    from iomnews.metrics import MeasuredHandler as Handler
else:
    from iomnews.handler import Handler

safety.refuse(safety.faults_of_accounts())
connections.close_all()  # requests have connections of their own

application = Handler()
