# The newsroom as a container: no root, nothing written but in /var/lib/iomnews and /tmp.
#   docker build --tag iomnews .
# What a setting needs beyond that (docs/deploy.md, 5) is named, with blanks between:
#   docker build --tag iomnews --build-arg "PACKAGES=redis~=8.1 prometheus-client~=0.26" .

FROM docker.io/library/python:3.13-slim-bookworm AS made
ARG PACKAGES="redis~=8.1"
WORKDIR /opt/iomnews
COPY requirements.txt ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt \
 && .venv/bin/pip install --no-cache-dir $PACKAGES \
 && .venv/bin/pip uninstall --yes pip
COPY . .
RUN .venv/bin/pybabel --quiet compile --domain django --directory locale \
 && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DATA_DIR=/opt/iomnews/built ALLOWED_HOSTS=news.example.org .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && .venv/bin/python -m compileall -q iomnews contacts releases

FROM docker.io/library/python:3.13-slim-bookworm
# For backups that only their owner can read (BACKUP_ENCRYPT_TO).
RUN apt-get update \
 && apt-get install --yes --no-install-recommends age \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/iomnews iomnews \
 && install --directory --owner iomnews --group iomnews /var/lib/iomnews
COPY --from=made /opt/iomnews /opt/iomnews
WORKDIR /opt/iomnews
USER 10001:10001
ENV PATH=/opt/iomnews/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/var/lib/iomnews \
    STATIC_ROOT=/opt/iomnews/built/static \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics \
    BIND=0.0.0.0:8000
VOLUME /var/lib/iomnews
EXPOSE 8000
# Whether it answers: what asks may end a container that is not well, and that mends no database.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["gunicorn", "--config", "iomnews/gunicorn.conf.py"]
