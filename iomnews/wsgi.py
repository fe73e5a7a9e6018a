import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iomnews.settings")
django.setup(set_prefix=False)

from django.db import connections  # noqa: E402

from iomnews import safety  # noqa: E402
from iomnews.handler import Handler  # noqa: E402

safety.refuse(safety.faults_of_accounts())
connections.close_all()  # requests have connections of their own

application = Handler()
