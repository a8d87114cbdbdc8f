"""One step with given parameters and tables, in whatever process or machine it is asked for.

It is run by papermill as in every build, in an edition of its own that goes when it is done, by
processes that stay warm as long as this one.
"""

from __future__ import annotations

import atexit
import json
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from socket import gethostname
from threading import Lock

from taawun.build import BuildError, graph, schedule, words
from taawun.build.edition import read_record
from taawun.build.run import WATCHED

_ONE_AT_A_TIME = Lock()
Tables = dict[str, bytes]


def work(step: str, arguments: dict[str, object], tables: Tables, inputs: dict[str, str]) -> Tables:
    """The tables that a step writes, by name, from its parameters and the tables that it reads.
    Raises BuildError if it fails, or if what it depends on is not what was asked for (`inputs`, by
    name with hashes): here is another state of the project, or a file was saved meanwhile.
    """
    home, start = warm()
    with tempfile.TemporaryDirectory(dir=home) as folder:
        edition = Path(folder)
        for name in ("notebooks", "processed"):
            (edition / name).mkdir()
        (edition / "edition.json").write_text(json.dumps(arguments), encoding="utf-8")
        (edition / WATCHED).write_text("", encoding="utf-8")  # no page of any step
        words.lay_out(edition, arguments)
        for name, content in tables.items():
            (edition / name).write_bytes(content)
        if start(step, edition).wait():
            given = ", ".join(f"{name}={value}" for name, value in arguments.items())
            raise BuildError(f"{step} failed with {given or 'the defaults'}.")
        _refuse_another_state(step, read_record(step, edition)["inputs"], inputs)
        made = (edition / "processed").glob(f"{graph.notebook_of(step).name[:3]}*")
        return {f"processed/{path.name}": path.read_bytes() for path in sorted(made)}


def _refuse_another_state(step: str, found: dict[str, str], asked: dict[str, str]) -> None:
    """Raise BuildError with what differs between two inputs of a step."""
    names = sorted(
        name for name in found.keys() | asked.keys() if found.get(name) != asked.get(name)
    )
    if names:
        told = f"{', '.join(names[:3])}{' and more' if len(names) > 3 else ''}"
        raise BuildError(f"{step} was made on {gethostname()} from another {told}.")


def warm() -> tuple[Path, schedule.Start]:
    """A folder for editions, and what starts a step there, the same for all threads."""
    with _ONE_AT_A_TIME:
        return _warm()


@cache
def _warm() -> tuple[Path, schedule.Start]:
    stack = ExitStack()
    atexit.register(stack.close)
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="taawun-sweep-")))
    return home, stack.enter_context(schedule.processes(home))
