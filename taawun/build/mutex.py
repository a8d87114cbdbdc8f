"""One at a time in a folder: a lock that the children of a build keep. Standard library only."""

import contextlib
import os
import time


@contextlib.contextmanager
def locked(path, waiting):
    """Hold the lock file `path`; if someone else has it, print `waiting` and wait.

    Child processes that inherit it keep it, so that even the orphans of a killed build are waited
    for.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a+") as lock:
        os.set_inheritable(lock.fileno(), True)
        if not _try_lock(lock):
            print(waiting, flush=True)
            while not _try_lock(lock):
                time.sleep(0.1)
        yield


def _try_lock(lock):
    try:
        if os.name == "nt":
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
