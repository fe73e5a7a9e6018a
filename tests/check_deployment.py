"""`python -m tests.check_deployment`: is the site, set up as for production, clean?

Runs `check --deploy` and `makemigrations --check` with a production environment and a database
of their own, so that what this machine's .env says makes no difference.
"""

import os
import secrets
import subprocess
import sys
import tempfile

CHECKS = [
    ["check", "--deploy", "--fail-level", "WARNING"],
    ["makemigrations", "--check", "--dry-run"],
]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "ENV_FILE": os.devnull,
            "DATA_DIR": folder,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "news.example.org",
        }
        for words in CHECKS:
            done = subprocess.run([sys.executable, "manage.py", *words], env=environment)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
