"""What is stale, in which order it is made anew, and how many at once.

A step is done while its record names the same inputs and outputs that are there now. It is run by a
process of its own, forked by `taawun.build.forkserver` where that is possible; nothing but this
module knows of it. Standard library only until there is work.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from graphlib import TopologicalSorter
from pathlib import Path
from threading import current_thread, main_thread

from taawun.build import BuildError, graph
from taawun.build.edition import read_record
from taawun.build.files import digest
from taawun.paths import PACKAGE, ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

    from taawun.build.forked import Process

    Start = Callable[..., Popen[bytes] | Process]  # of a step, in the edition or another folder

ROUNDS = 5  # of a build whose files change meanwhile
_USERS_SETTINGS = re.compile(r"PYTHON|JUPYTER_|MAKE|MFLAGS|GNUMAKEFLAGS|MPL|IPYTHON")


def reasons(step: str, edition: Path) -> list[str]:
    """Why a step has to run: what is no longer as it was made from or has made; empty if done."""
    record = read_record(step, edition)
    if not record:
        return ["it has not been built here, or did not finish"]
    before, now = record["inputs"], graph.inputs(step, edition)
    changed = [
        f"{name} is {'gone' if name not in now else 'new' if name not in before else 'changed'}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
    return changed + [
        f"{name} is not as it was made"
        for name, value in record["outputs"].items()
        if digest(edition / name) != value
    ]


def stale(edition: Path, goals: list[str] | None = None) -> dict[str, list[str]]:
    """The steps that have to run, and those that may have to since they read tables of these
    (without a reason yet); of all, or of those that lead to the goals.
    """
    graph.clear_caches()
    edges = graph.flow(edition)
    found: dict[str, list[str]] = {}
    for step, upstream in graph.with_upstream(goals or list(edges), edges).items():
        why = reasons(step, edition)
        if why or found.keys() & upstream:
            found[step] = why
    return found


def bring_up_to_date(
    edition: Path, goals: list[str], jobs: int, start: Start | None = None
) -> Iterator[tuple[str, float, int]]:
    """Run what is stale until the goals are done; each step when it ends, with its seconds and its
    exit code, negative if it was killed. A file that changes meanwhile makes another round; but not
    with `start`, of processes that stay warm: whoever has them looks again, and may need others.
    """
    for _ in range(ROUNDS):
        codes = []
        for ended in _round(edition, goals, jobs, start):
            codes.append(ended[-1])
            yield ended
        if start or any(codes) or not stale(edition, goals):
            return
    raise BuildError(
        "Files of the project kept changing while it was built; run make again when they rest."
    )


def _round(
    edition: Path, goals: list[str], jobs: int, warm: Start | None
) -> Iterator[tuple[str, float, int]]:
    """Run each stale step once, after those whose tables it reads, if what people typed is sound;
    after one that fails no other begins, and when one is killed none goes on.
    """
    from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

    order = TopologicalSorter(graph.with_upstream(goals, graph.flow(edition)))
    order.prepare()
    caller = os.getppid()
    ready: list[str] = []
    running: dict[Future[int], tuple[str, float]] = {}
    ours = nullcontext(warm) if warm else processes(edition)
    with ThreadPoolExecutor(jobs) as threads, ours as start:
        if code := _look_at_tables(edition, goals if warm else []):
            yield "typed tables", 0, code
            return
        while running or (jobs and order.is_active()):
            ready += order.get_ready()
            while ready and len(running) < jobs:
                step = ready.pop(0)
                if reasons(step, edition):
                    process = start(step)
                    running[threads.submit(process.wait)] = step, time.monotonic()
                else:
                    order.done(step)
                    ready += order.get_ready()
            done = wait(running, timeout=1, return_when=FIRST_COMPLETED).done
            if os.getppid() != caller and "MAKELEVEL" in os.environ:
                raise BuildError("make was killed, and with it this build.")
            for future in done:
                step, started = running.pop(future)
                code = future.result()
                yield step, time.monotonic() - started, code
                if code < 0:
                    return
                if code:
                    jobs = 0
                else:
                    order.done(step)


def _look_at_tables(edition: Path, goals: list[str]) -> int:
    """The exit code of a look at all that people typed, which tells the faults itself; where goals
    are built again and again only if a table is why.
    """
    typed = ("data/", "translations/")
    found = stale(edition, goals).values() if goals else ()
    if goals and not any(reason.startswith(typed) for why in found for reason in why):
        return 0
    return _call("taawun.check", edition)


def tell_of_judgements(edition: Path) -> None:
    """Name the judgements that were made when a figure read otherwise, a line each."""
    _call("taawun.judgements", edition)


def _call(module: str, edition: Path) -> int:
    """The exit code of a module that tells what it finds itself."""
    from subprocess import call

    return call([sys.executable, "-m", module], cwd=edition, env=environment(edition))


def ended_by(number: int) -> str:
    """How a signal from outside ended a step."""
    name = signal.Signals(number).name
    return "it was killed, perhaps for want of memory" if name == "SIGKILL" else f"{name} ended it"


@contextmanager
def processes(edition: Path) -> Iterator[Start]:
    """Yields what starts the process of a step: forked where that is possible and not switched off
    by `FORK=no`, or else from nothing. Those that still run at the end are killed, and what they
    keep in the machine's folder for temporary files goes.
    """
    from shutil import rmtree
    from subprocess import PIPE, Popen
    from tempfile import TemporaryDirectory

    from taawun.build import forkserver

    rmtree(edition / "scratch", ignore_errors=True)  # the tables of steps that were killed
    passing = TemporaryDirectory(prefix="taawun-", ignore_cleanup_errors=True)
    env = environment(edition) | {"TMPDIR": passing.name}
    started: list[Popen[bytes] | Process] = []
    fork = None

    def start(step: str, folder: Path = edition) -> Popen[bytes] | Process:
        process = fork([step, str(folder)]) if fork else None
        if not process:
            command = [sys.executable, "-m", "taawun.build.run", step]
            with _ctrl_c_ignored():  # it keeps what it inherits, above all the lock of the build
                here = env | {"PWD": str(folder)}
                process = Popen(command, cwd=folder, env=here, stdin=PIPE, close_fds=False)
        started.append(process)
        return process

    with passing, ExitStack() as stack:
        if os.environ.get("FORK") != "no" and forkserver.can_fork():
            with _ctrl_c_ignored():
                fork = stack.enter_context(forkserver.running(edition, env))
        try:
            yield start
        finally:
            for process in started:
                process.kill()


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """What starts meanwhile does not see Ctrl-C, either: it is the schedule that ends it. Only the
    main thread can say so.
    """
    if current_thread() is not main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def environment(edition: Path) -> dict[str, str]:
    """The environment of a step: nothing of the user's settings, place or time reaches a kernel."""
    own = Path(sys.executable).parents[1] / ".cache"
    own.mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if not _USERS_SETTINGS.match(name)}
    return env | {
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MPLCONFIGDIR": str(own / "matplotlib"),
        "IPYTHONDIR": str(own),
        "JUPYTER_CONFIG_DIR": str(own / "jupyter"),
        "JUPYTER_DATA_DIR": str(own / "jupyter"),
        "PWD": str(edition),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([str(PACKAGE.parent), str(ROOT)])),
        "TAAWUN_ROOT": str(ROOT),
        "TAAWUN_TYPED": str(edition / "data" if (edition / "data").is_dir() else ROOT / "data"),
    }
