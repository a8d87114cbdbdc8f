"""Build the report: `python -m taawun.build report [NAME ...]`, where each NAME=value given to make
is in the environment. With nothing to do the standard library is all that is imported.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from taawun.build import BuildError, edition, graph, headlines, parameters, schedule, sources, words
from taawun.build.files import in_project
from taawun.build.mutex import locked
from taawun.paths import ROOT

#: What may stand beside parameters when make is called.
SETTINGS = {"PYTHON", "JOBS", "FORK", "ENV"}
WATCHING = {"PAGE", "PORT"}
UNTOUCHED = "Stopped. The reports of the last complete build are as they were."
WATCHED = "Another watch is running in this folder; waiting for it."
WAITING = "Another build is running in this folder; waiting for it."


def build(target: str, names: list[str]) -> int:
    """Build and publish an edition (`report`), or only a step of it; 0, or 1 after a message."""
    started, at_once = time.monotonic(), jobs()
    different = chosen(names)
    given = [name for name in names if name not in SETTINGS]
    same = [name for name in given if name.lower() not in map(str.lower, different)]
    for name in same:
        print(f"{name}={os.environ.get(name, '')} is as in the published edition.")
    title = words.folder_name(different)
    folder = edition.open_edition(title, different)
    if target == "why":
        explain(folder)
        return 0
    steps = graph.steps(folder)
    goals = [step for step in steps if target in ("report", graph.notebook_of(step).stem, step)]
    if not goals:
        raise BuildError(f"There is no step {target}; there are: {', '.join(steps)}.")
    for path in graph.copies():
        print(f"{in_project(path)} is a copy, and no part of the report.")
    stale = schedule.stale(folder, goals)
    if stale and not run(folder, goals, stale, at_once):
        print(UNTOUCHED, file=sys.stderr)
        return 1
    if target != "report":
        print("Not published:", pages(folder / "reports", goals))
        return 0
    reports = ROOT / "reports" / title
    tables = reports / "processed" if title else ROOT / "data" / "processed"
    before = headlines.entries(tables) if stale else {}
    changed = len(edition.publish(folder, tables, reports))
    done = "Nothing to do."
    if stale or changed:
        files = f"{changed or 'no'} published file{'' if changed == 1 else 's'} changed"
        done = f"Done in {time.monotonic() - started:.1f} s; {files}."
    print(f"{done} The report: {pages(reports, goals)}")
    if before and (moved := list(headlines.moved(before, reports, tables))):
        print("Numbers of the key messages that moved:", *moved, sep="\n  ")
    return 0


def chosen(names: list[str]) -> dict[str, object]:
    """What differs from the published edition, of what was given to make."""
    typed = {name: os.environ.get(name, "") for name in names if name not in SETTINGS}
    return words.choose(parameters.available(graph.notebooks()), typed)


def watch(names: list[str]) -> int:
    """Show a page, and build it anew whenever a file is saved; 0 as soon as Ctrl-C ends it."""
    import shutil

    from taawun.build.watch import watch

    different = chosen([name for name in names if name not in WATCHING])
    port = os.environ.get("PORT") or "0"
    if not port.isdecimal() or int(port) > 65535:
        raise BuildError(f"PORT={port} is not accepted; accepted: a number up to 65535, or none.")
    ends = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}
    for number in ends:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, signal.default_int_handler)
    shutil.rmtree(edition.EDITIONS / "watch", ignore_errors=True)  # of one that was killed
    try:
        with suppress(KeyboardInterrupt):
            with locked(str(edition.EDITIONS / "lock"), partial(print, WAITING, flush=True)):
                folder = edition.open_edition("watch", different)
            watch(folder, shown(folder), jobs(), int(port))
    finally:
        for number in ends:
            signal.signal(number, signal.SIG_IGN)
        shutil.rmtree(edition.EDITIONS / "watch", ignore_errors=True)
    return 0


def shown(folder: Path) -> str:
    """The step whose page is asked for; if none is, the last that speaks a language."""
    notebooks = sorted(graph.notebooks(), key=lambda path: graph.language_of(path) is not None)
    steps, page = graph.steps(folder), os.environ.get("PAGE") or notebooks[-1].stem
    page = page.removesuffix(".html")
    for step in steps:
        if page in (step, graph.notebook_of(step).stem):
            return step
    raise BuildError(f"PAGE={page} is not accepted; accepted: one of {', '.join(steps)}.")


def jobs() -> int:
    """How many steps may run at once."""
    text = os.environ.get("JOBS", "4")  # on two cores: some of them wait
    if not text.isdecimal() or int(text) == 0:
        raise BuildError(f"JOBS={text} is not accepted; accepted: a whole number from 1 on.")
    return int(text)


def run(folder: Path, goals: list[str], stale: dict[str, list[str]], at_once: int) -> bool:
    """Bring the goals up to date, and tell of each step; whether all went well."""
    sure = [step for step, why in stale.items() if why]
    perhaps = [step for step, why in stale.items() if not why]
    then = f"; and if a table changes, {', '.join(perhaps)}" if perhaps else ""
    typed = sorted({reason for why in stale.values() for reason in why if reason[:5] == "data/"})
    print(f"Building {', '.join(sure)}{then}", *typed, sep="\n  ", flush=True)
    codes = []
    for step, seconds, code in schedule.bring_up_to_date(folder, goals, at_once):
        codes.append(code)
        if code == 0:
            title = sources.title(graph.notebook_of(step))
            print(f"  {step:<14} {title:<36} {seconds:5.1f} s", flush=True)
        elif code < 0:
            print(f"{step} failed: {schedule.ended_by(-code)}", file=sys.stderr)
    return not any(codes)


def explain(folder: Path) -> None:
    """The flow, and a line a step: why it runs, on whose tables it waits, or that it need not."""
    print(graph.diagram(folder), end="\n\n")
    stale = schedule.stale(folder)
    for step, upstream in graph.flow(folder).items():
        waits = [before for before in upstream if before in stale]
        answer = f"runs if {' or '.join(waits)} changes a table" if waits else "is done"
        if why := stale.get(step):
            answer = f"runs: {', '.join(why[:3])}{' and more' if len(why) > 3 else ''}"
        print(f"  {step:<14} {answer}", flush=True)
    schedule.tell_of_judgements(folder)


def pages(folder: Path, goals: list[str]) -> str:
    """The pages of the last step that speaks a language, or of the last one."""
    steps = [step for step in goals if graph.language_of(graph.notebook_of(step))] or goals
    last = graph.notebook_of(steps[-1]).stem
    return ", ".join(in_project(path) for path in sorted(folder.glob(f"{last}.*")))


def verify(names: list[str]) -> int:
    """Say which published files were changed by hand, build, and account for every number of an
    edition; 0 if all is well. An experiment is verified from its own tables and words.
    """
    different = chosen(names)
    title = words.folder_name(different)
    reports, folder = ROOT / "reports" / title, edition.open_edition(title, different)
    problems = edition.verify_checksums(reports) if not title or reports.is_dir() else []
    print("\n".join(problems) or "The reports and tables are as the last build made them.")
    if problems or build("report", names):
        return 1
    python, own = [sys.executable, "-E", "-s", "-m"], folder / "data"
    if not title:
        return run_all([*python, "taawun.metadata"], [*python, "taawun.verify"])
    tables = {"TAAWUN_PROCESSED": str(reports / "processed")}
    typed = {"TAAWUN_TYPED": str(own)} if own.is_dir() else {}
    day = ["--as-of", str(different["as_of"])] if "as_of" in different else []
    return run_all(
        [*python, "taawun.verify", "--reports", str(reports), *day], env=os.environ | tables | typed
    )


def run_all(*commands: list[str], env: Mapping[str, str] = os.environ) -> int:
    """Run one command after the other, as long as they succeed; 0 if all do."""
    import subprocess

    codes = (subprocess.run(command, cwd=ROOT, env=env).returncode for command in commands)
    return next(filter(None, codes), 0)


def main(target: str = "report", *names: str) -> int:
    """One build at a time in a folder."""
    try:
        if target == "parameters":
            print(*parameters.available(graph.notebooks()).values(), sep="\n")
            return 0
        if target == "watch":
            with locked(str(edition.EDITIONS / "watch.lock"), partial(print, WATCHED, flush=True)):
                return watch(" ".join(names).split())
        with locked(str(edition.EDITIONS / "lock"), partial(print, WAITING, flush=True)):
            given = " ".join(names).split()
            return verify(given) if target == "verify" else build(target, given)
    except BuildError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"Nobody reads on. {UNTOUCHED}", file=sys.stderr)
    except OSError as error:
        told = str(error)
        if error.errno == 28:
            told = "The disk is full; make room and run make again."
        elif isinstance(error, FileNotFoundError) and not edition.EDITIONS.exists():
            told = "build/ was removed while it was in use, as make clean does; run make again."
        print(told, file=sys.stderr)
    except KeyboardInterrupt:
        print(UNTOUCHED, file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
