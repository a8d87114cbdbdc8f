"""One at a time in a folder: a lock that the children of a build keep. Standard library only."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from io import TextIOWrapper


@contextlib.contextmanager
def locked(path: str, say_that_it_waits: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file `path`; if someone else has it, say so and wait.

    Child processes that inherit it keep it, so that even the orphans of a killed build are waited
    for.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a+") as lock:
        os.set_inheritable(lock.fileno(), True)
        if not _try_lock(lock):
            say_that_it_waits()
            while not _try_lock(lock):
                time.sleep(0.1)
        yield


def _try_lock(lock: TextIOWrapper) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
