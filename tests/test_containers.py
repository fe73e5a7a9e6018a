"""compose.yaml and the Dockerfile, as far as they can be judged without running them."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from iomnews.safety import EXAMPLE

ROOT = Path(__file__).resolve().parent.parent
NEWSROOM = ["migrate", "web", "backup"]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.mark.parametrize("name", NEWSROOM)
def test_all_settings_of_the_owner_reach_the_newsroom(compose, name):
    assert compose["services"][name]["env_file"] == [".env.compose"]


@pytest.mark.parametrize("name", NEWSROOM)
def test_where_things_lie_in_the_container_is_not_the_owners_to_change(compose, name):
    dockerfile = (ROOT / "Dockerfile").read_text()
    settings = compose["services"][name]["environment"]

    of_image = ["DATA_DIR", "STATIC_ROOT", "PROMETHEUS_MULTIPROC_DIR", "BIND"]
    assert {name: settings[name] for name in of_image} == {
        name: re.search(rf"\b{name}=(\S+)", dockerfile[dockerfile.index("USER ") :])[1]
        for name in of_image
    }
    assert {settings["DATABASE_URL"].split("@")[1], settings["CACHE_URL"].split("//")[1]} == {
        "database/iomnews",
        "cache:6379/0",
    }


def test_what_is_decided_is_a_setting(compose):
    text = "".join(
        path.read_text()
        for path in [ROOT / "iomnews/settings.py", ROOT / "iomnews/gunicorn.conf.py"]
    )

    unknown = [name for name in compose["services"]["web"]["environment"] if name not in text]
    assert unknown == []


def test_the_newsroom_reaches_the_internet_and_its_stores_do_not(compose):
    networks = {name: set(service["networks"]) for name, service in compose["services"].items()}

    assert compose["networks"]["inside"]["internal"] is True
    assert not (compose["networks"]["outside"] or {}).get("internal")
    assert all(networks[name] == {"inside", "outside"} for name in NEWSROOM)
    assert networks["database"] == networks["cache"] == {"inside"}


def test_only_the_proxy_is_open_to_the_world(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == [
        "caddy"
    ]


@pytest.mark.parametrize("name", [".env", ".env.compose"])
def test_secrets_of_the_owner_come_into_no_image(name):
    assert is_ignored(name)


def test_an_image_knows_the_secrets_that_everybody_can_read():
    assert not is_ignored(EXAMPLE.relative_to(ROOT).as_posix())


def is_ignored(name: str) -> bool:
    """Whether `name` stays out of the image: the last line that fits it says."""
    lines = (ROOT / ".dockerignore").read_text().split()
    fitting = [line for line in lines if fnmatch(name, line.removeprefix("!"))]
    return bool(fitting) and not fitting[-1].startswith("!")


def test_a_container_is_not_ended_for_a_database_that_is_away():
    check = re.search(r"HEALTHCHECK.*\n.*", (ROOT / "Dockerfile").read_text())[0]

    assert "/health/live" in check


def test_no_service_fills_the_disk_with_its_log(compose):
    unbounded = [
        name
        for name, service in compose["services"].items()
        if service.get("logging") != {"driver": "local"}
    ]

    assert not unbounded
