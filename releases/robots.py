"""Whether a program reads instead of a person, told by the name that it gives itself.

Lists kept by others miss Korean robots and cost many times as much (docs/decisions.md).
"""

from functools import cache
from pathlib import Path

from django.conf import settings

NAMES = Path(__file__).with_name("robot_names.txt")
# A maker of phones whose name ends like a robot's.
NO_ROBOT = "cubot"


@cache
def robot_names() -> tuple[str, ...]:
    """The names of robots, in small letters: those of the file and the owner's own."""
    lines = map(str.strip, NAMES.read_text(encoding="utf-8").splitlines())
    names = [line for line in lines if line and not line.startswith("#")]
    return tuple(dict.fromkeys([*names, *(name.strip().lower() for name in settings.ROBOTS)]))


def is_robot(agent: str) -> bool:
    """Whether the user agent `agent` is a robot's; who gives no name is one."""
    name = agent.lower().replace(NO_ROBOT, "")
    return not name.strip() or any(robot in name for robot in robot_names())
