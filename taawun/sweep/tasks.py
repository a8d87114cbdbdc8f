"""What a sweep has to run: each step once for the same parameters, code and tables, whatever became
of earlier sweeps. What was made lies in `build/sweep/tasks`, by the hash of what it was made from.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import cache, lru_cache
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

from taawun.build import BuildError, graph, parameters, words
from taawun.build.edition import PUBLISHED
from taawun.build.files import digest
from taawun.paths import ROOT
from taawun.sweep.work import Tables, work

OUT = ROOT / "build" / "sweep"
STORE = OUT / "tasks"
SILENCE = 10  # seconds between two lines of progress where no terminal is
AHEAD = 2_000  # tasks that are handed out at once, enough for a thousand workers
Run = dict[str, object]


class Task(NamedTuple):
    """A step, its parameters where they are no defaults, with other words of figures if it reads
    them, the places of the tables that it reads, and all that it depends on, by name with hashes.
    """

    step: str
    arguments: Run
    tables: dict[str, Path]
    inputs: dict[str, str]

    @property
    def key(self) -> str:
        """The hash of all that the tables of a task depend on."""
        told = json.dumps([self.step, self.inputs], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def read(self) -> Tables:
        """The tables that it reads."""
        return {name: _content(path) for name, path in self.tables.items()}


@lru_cache(maxsize=64)  # what many tasks read is in memory once
def _content(table: Path) -> bytes:
    return table.read_bytes()


def steps() -> list[str]:
    """The steps that write a ledger, and those behind them, in order."""
    edges = graph.flow(PUBLISHED)
    goals = [step for step in edges if any("-ledger." in name for name in _writes(step))]
    return list(graph.with_upstream(goals, edges))


def sweep(runs: list[Run], pool: Executor) -> tuple[list[dict[str, Path]], list[str]]:
    """The place of every table of every run, by name, once all that is missing has been made; none
    of a run of which a step failed. And what failed, one line a task.
    """
    found: list[dict[str, Path]] = [{} for _ in runs]
    going, told = [*range(len(runs))], []
    for step in steps():
        tasks: dict[str, Task] = {}
        keys = {}
        for at in going:
            task = _task(step, runs[at], found[at])
            keys[at] = task.key
            tasks.setdefault(keys[at], task)
        missing = {key: task for key, task in tasks.items() if not (STORE / key).is_dir()}
        failed = _make(step, missing, pool)
        for at, key in keys.items():
            if key in failed:
                found[at] = {}
            else:
                made = sorted((STORE / key).iterdir())
                found[at] |= {f"processed/{path.name}": path for path in made}
        for key, why in failed.items():
            lost = sum(own == key for own in keys.values())
            told.append(f"{why} {lost} run{'' if lost == 1 else 's'} of {len(runs)} without it.")
        going = [at for at, key in keys.items() if key not in failed]
    return found, told


def _reads(step: str) -> list[str]:
    return graph.reads(graph.notebook_of(step))


def _writes(step: str) -> list[str]:
    return graph.writes(graph.notebook_of(step))


def _task(step: str, run: Run, found: dict[str, Path]) -> Task:
    """What is to be run for a step of a run, from what its steps before have made."""
    base, other = _base(step, ()), tuple((n, str(t)) for n, t in run.items() if n in _figures())
    declared = parameters.declared(graph.notebook_of(step))
    given = {p.name: run[p.name] for p in declared if run.get(p.name, p.default) != p.default}
    read = {name: found[name] for name in _reads(step)}
    printed: Run = {}
    if other and (worded := _base(step, other)) != base:
        base, printed = worded, dict(other)
    inputs = base | {name: digest(path) for name, path in read.items()}
    inputs |= {f"parameter {name}": json.dumps(value) for name, value in given.items()}
    return Task(step, given | printed, read, inputs)


@cache
def _figures() -> dict[str, str]:
    return words.figure_ids()


@cache
def _base(step: str, other: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """All that a step depends on with other words of some figures, by name with hashes."""
    if not (different := words.choose({}, dict(other))):
        return graph.inputs(step, PUBLISHED)
    with tempfile.TemporaryDirectory() as folder:
        edition = Path(folder)
        (edition / "edition.json").write_text("{}", encoding="utf-8")
        words.lay_out(edition, different)
        return graph.inputs(step, edition)


def _make(step: str, tasks: dict[str, Task], pool: Executor) -> dict[str, str]:
    """Run the tasks, keep each as soon as it is done, and say how long the others will take; what
    is wrong with those that failed.
    """
    tell, failed = _telling(step, len(tasks)), dict[str, str]()
    left_over = iter(tasks.items())
    waiting: dict[Future[Tables], str] = {}
    try:
        while True:
            for key, task in islice(left_over, AHEAD - len(waiting)):
                asked = pool.submit(work, task.step, task.arguments, task.read(), task.inputs)
                waiting[asked] = key
            if not waiting:
                return failed
            for future in _completed(pool, waiting):
                key = waiting.pop(future)
                try:
                    _keep(key, future.result())
                except BuildError as error:
                    failed[key] = str(error)
                tell()
    except BaseException:
        for future in waiting:
            future.cancel()
        raise


def _telling(step: str, tasks: int) -> Callable[[], None]:
    """What is called when a task is done: says how many are, and how long the others will take, on
    a terminal in one line, elsewhere in a line now and then.
    """
    done, began = count(1), time.monotonic()
    on_terminal, told = sys.stdout.isatty(), began
    wipe = " " * 8 * on_terminal

    def tell() -> None:
        nonlocal told
        number, now = next(done), time.monotonic()
        seconds = now - began
        if number == tasks:
            print(f"  {step:<14} {number} of {tasks} in {_minutes(seconds)}{wipe}", flush=True)
        elif on_terminal or now - told >= SILENCE:
            told, left = now, _minutes(seconds / number * (tasks - number))
            end = "\r" if on_terminal else "\n"
            print(f"  {step:<14} {number} of {tasks}, {left} left", end=end, flush=True)

    return tell


def _minutes(seconds: float) -> str:
    return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"


def _completed(pool: Any, futures: Iterable[Future[Tables]]) -> Iterable[Future[Tables]]:
    """Those that are done, as soon as one is."""
    return getattr(pool, "wait", wait)(futures, return_when=FIRST_COMPLETED).done


def _keep(key: str, tables: Tables) -> None:
    """Keep the tables of a task, all or none."""
    STORE.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".", dir=STORE))
    for name, content in tables.items():
        (place / Path(name).name).write_bytes(content)
    try:
        place.rename(STORE / key)
    except OSError:  # another sweep was faster
        shutil.rmtree(place)
