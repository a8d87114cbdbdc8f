"""`python -m taawun.sweep NAMES`: every combination of the parameters of these names, whose values
are in the environment (`HORIZON=2026..2035 SCENARIO=all`), as a table and a page in `build/sweep`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from errno import ENOSPC
from functools import partial
from typing import Any

from taawun.build import BuildError, edition, graph, parameters
from taawun.build.files import in_project, write_atomically
from taawun.build.mutex import locked
from taawun.sweep.cluster import connected
from taawun.sweep.page import page
from taawun.sweep.runs import combinations
from taawun.sweep.table import entries, write
from taawun.sweep.tasks import OUT, steps, sweep
from taawun.sweep.work import warm

WAITING = "Another sweep is running in this folder; waiting for it."
SETTINGS = {"PYTHON", "JOBS", "FORK", "ENV", "DASK", "YES", "NUMBERS"}


@contextmanager
def pool() -> Iterator[Any]:
    """What runs the tasks: threads that ask warm processes for them, or a cluster."""
    if address := os.environ.get("DASK", ""):
        with connected(address) as cluster:
            yield cluster
        return
    jobs = os.environ.get("JOBS", "3")
    if not jobs.isdecimal() or int(jobs) == 0:
        raise BuildError(f"JOBS={jobs} is not accepted; accepted: a whole number from 1 on.")
    warm()
    with ThreadPoolExecutor(int(jobs)) as threads:
        yield threads


def main(*names: str) -> int:
    """0, or 1 after a line that says what is wrong; one sweep at a time in a folder."""
    try:
        with locked(str(OUT / "lock"), partial(print, WAITING, flush=True)):
            return run(" ".join(names).split())
    except BuildError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        full = "The disk is full; make room, and the same sweep goes on from here."
        print(full if error.errno == ENOSPC else error, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped; the same sweep goes on from here.", file=sys.stderr)
        return 130
    return 1


def run(given: list[str]) -> int:
    """Make what is missing, and write the table and the page; 1 if a run is not in the table."""
    typed = {name: os.environ.get(name, "") for name in given if name not in SETTINGS}
    began = time.monotonic()
    edition.open_edition("", {})
    available = parameters.available(list(map(graph.notebook_of, steps())))
    runs = combinations(available, typed, os.environ.get("YES") == "1")
    print(f"{len(runs):,} run{'' if len(runs) == 1 else 's'}", flush=True)
    with pool() as workers:
        places, failed = sweep(runs, workers)
    print(*failed, sep="\n", end="\n" * bool(failed), file=sys.stderr)
    if not any(places):
        return 1
    moves = write(OUT / "sweep.csv", entries(runs, places))
    try:
        shown = moves.moving(os.environ.get("NUMBERS", ""))
    except BuildError as error:
        failed.append(str(error))
        print(error, file=sys.stderr)
        shown = moves.moving()
    write_atomically({OUT / "sweep.html": page(moves, shown).encode()})
    seconds = time.monotonic() - began
    print(f"{moves.rows:,} rows in {seconds:.1f} s: {in_project(OUT)}/sweep.csv, sweep.html")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
