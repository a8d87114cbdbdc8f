"""Processor seconds that one more run of a sweep costs, by one process, by two and by two workers
of a Dask cluster, beside `papermill` called for each notebook of each run. `sweep.py [RUNS]`, after
`make report`; Linux. What ran is found by a mark in its environment and looked at again and again,
so that some hundredths of each process are missed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from bench import ROOT, copy_project

STEPS = ("01-clean", "02-audit", "03-growth", "04-coverage")
PYTHON, DASK = ROOT / ".venv/bin/python", ROOT / ".dask/bin"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Processor:
    """Processor seconds of all processes that have a mark in their environment."""

    def __init__(self, mark: str) -> None:
        self.mark, self.spent, self.others = mark.encode(), dict[int, float](), set[int]()
        self.over = Event()

    def watch(self) -> None:
        """Look at what runs until it is over."""
        while not self.over.wait(0.02):
            for pid in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
                if pid not in self.others:
                    self.look(pid)

    def look(self, pid: int) -> None:
        with suppress(OSError, IndexError):
            if pid not in self.spent and self.mark not in Path(f"/proc/{pid}/environ").read_bytes():
                self.others.add(pid)
                return
            ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            self.spent[pid] = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def measured() -> Iterator[tuple[dict[str, str], Processor]]:
    """Yields the environment of what is to be measured, and what it spends."""
    mark = f"SWEPT={time.time_ns()}"
    processor = Processor(mark)
    watching = Thread(target=processor.watch)
    watching.start()
    try:
        yield {**os.environ, "SWEPT": mark.partition("=")[2]}, processor
        time.sleep(0.1)
    finally:
        processor.over.set()
        watching.join()


def sweep(project: Path, runs: int, jobs: int = 1, workers: int = 0) -> float:
    """Processor seconds of a sweep of some horizons."""
    shutil.rmtree(project / "build/sweep", ignore_errors=True)
    with measured() as (env, processor), ExitStack() as stack:
        env |= {"HORIZON": f"2026..{2025 + runs}", "JOBS": str(jobs)}
        if workers:
            file = project / "scheduler.json"
            file.unlink(missing_ok=True)
            alone = ["--no-dashboard", "--scheduler-file", str(file)]
            command = [DASK / "dask", "worker", *alone, "--no-nanny", "--nthreads", "1"]
            for one in ([DASK / "dask", "scheduler", "--port", "0", *alone], *[command] * workers):
                process = subprocess.Popen(one, cwd=project, env=env, **QUIET)
                stack.callback(process.wait)
                stack.callback(process.kill)
            while not file.exists():
                time.sleep(0.1)
            env["DASK"] = str(file)
        python = DASK / "python" if workers else PYTHON
        command = [python, "-E", "-s", "-m", "taawun.sweep", "HORIZON"]
        subprocess.run(command, cwd=project, env=env, check=True, **QUIET)
    return sum(processor.spent.values())


def papermill(project: Path) -> float:
    """Processor seconds of one run: each notebook by papermill itself."""
    with measured() as (env, processor):
        for step in STEPS:
            given = ["-p", "horizon", "2026"] if step == "03-growth" else []
            command = [PYTHON, "-m", "papermill", f"notebooks/{step}.ipynb", "/dev/null", *given]
            subprocess.run(command, cwd=project, env=env, check=True, **QUIET)
    return sum(processor.spent.values())


def main(runs: int = 9) -> None:
    """Print what one more run costs, and how many times as much papermill takes for it."""
    with tempfile.TemporaryDirectory(prefix="sweep-", dir=ROOT / "build") as folder:
        project = Path(folder)
        copy_project(project)
        naive = papermill(project)
        print(f"papermill, one run: {naive:.1f} s", flush=True)
        for name, how in (
            ("one process at a time", {"jobs": 1}),
            ("two", {"jobs": 2}),
            ("Dask, two workers", {"workers": 2}),
        ):
            if "workers" in how and not DASK.is_dir():
                continue
            one, many = sweep(project, 1, **how), sweep(project, runs, **how)
            more = (many - one) / (runs - 1)
            print(f"{name}: first run {one:.1f} s, each more {more:.2f} s", end="; ")
            print(f"papermill takes {naive / more:.1f} times as much", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
