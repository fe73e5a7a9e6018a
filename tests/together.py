"""What several do at the same moment, each with a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(*tasks: Callable[[], object]) -> list:
    """What each task returned or raised, all begun at the same moment."""
    start, outcomes = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(place: int, task: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes[place] = task()
        except Exception as error:  # noqa: BLE001
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
