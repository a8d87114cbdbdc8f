"""Build the report: `python -m taawun.build report [NAME ...]`, where each NAME=value given to make is in the environment.

An edition is built in `build/<edition>/`. Its steps are scheduled by make (the data flow stands in the Makefile) and are keyed on content: a step is done while
its record `<step>.done` names the same inputs and outputs that are there now. Only a complete edition is published, into `data/processed` and `reports`.
Standard library only: with nothing to do this is all that runs.
"""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from taawun import parameters
from taawun.inputs import ROOT, digest, forget, inputs, notebooks, steps
from taawun.parameters import BadChoice
from taawun.setup_env import locked

BUILD = ROOT / "build"
SETTINGS = {"PYTHON", "JOBS", "WHY"}  # what may stand beside the parameters on make's command line
UNTOUCHED = "Stopped. The reports of the last complete build are as they were."
# The same bytes everywhere: nothing of the user's settings, place or time reaches a kernel.
SURROUNDINGS = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1", "OPENBLAS_NUM_THREADS": "1", "JUPYTER_PREFER_ENV_PATH": "1"}


def reasons(step: str, edition: Path) -> list[str]:
    """Why a step has to run: what it was made from or has made and is no longer so; empty if it is done."""
    done = edition / f"{step}.done"
    if not done.is_file():
        return ["it has not been built here, or did not finish"]
    noted, now = json.loads(done.read_text(encoding="utf-8")), inputs(step, edition)
    changed = [f"{name} is {'gone' if name not in now else 'new' if name not in noted['inputs'] else 'changed'}" for name in sorted(noted["inputs"].keys() | now.keys()) if noted["inputs"].get(name) != now.get(name)]
    return changed + [f"{name} is not as it was made" for name, value in noted["outputs"].items() if digest(edition / name) != value]


def explain(edition: Path) -> None:
    """A line a step: why it runs, or that it need not unless a table that it reads changes."""
    forget()
    for step in steps(edition):
        found = reasons(step, edition)
        print(f"  {step:<14} " + (f"runs: {', '.join(found[:3])}{' and more' if len(found) > 3 else ''}" if found else "is done"))


def settle(edition: Path) -> list[str]:
    """The steps that are not done or no longer; their records are removed and the others made young, so that make, which goes by dates, sees just what there is to do."""
    forget()
    stale = [step for step in steps(edition) if reasons(step, edition)]
    for step in steps(edition) if stale else []:
        done = edition / f"{step}.done"
        done.unlink(missing_ok=True) if step in stale else os.utime(done)
    return stale


def bring_up(edition: Path, goals: list[str]) -> bool:
    """Run what is to be done until the goals' records hold; a file that changes meanwhile makes another round. False if a step failed."""
    for _ in range(5):
        if not run(edition, goals):
            return False
        if not set(settle(edition)) & set(goals):
            return True
    raise BadChoice("Files of the project kept changing while it was built; run make again when they rest.")


def run(edition: Path, goals: list[str]) -> bool:
    """Let make run the steps that are not done, at most three at once, and those behind them; whether all went well."""
    env = {name: value for name, value in os.environ.items() if not re.match(r"PYTHON|JUPYTER_|MAKE|MFLAGS|GNUMAKEFLAGS|MPL|IPYTHON", name)}
    own = Path(sys.prefix, ".cache")
    own.mkdir(exist_ok=True)
    env |= SURROUNDINGS | {"PYTHONPATH": str(ROOT), "TAAWUN_PYTHON": sys.executable, "MPLCONFIGDIR": str(own / "matplotlib"), "IPYTHONDIR": str(own),
                           "JUPYTER_CONFIG_DIR": str(own / "jupyter"), "JUPYTER_DATA_DIR": str(own / "jupyter")}
    jobs = os.environ.get("JOBS", "3") if os.environ.get("JOBS", "3").isdigit() else "3"
    command = [os.environ.get("TAAWUN_MAKE", "make"), "-s", "--no-print-directory", f"-j{jobs}", "-f", "../../Makefile", *[f"{goal}.done" for goal in goals]]
    make = subprocess.Popen(command, cwd=edition, env=env, stderr=subprocess.PIPE, text=True, encoding="utf-8", close_fds=False)
    for line in make.stderr:  # the steps say what went wrong; make's own account of it is noise
        if not re.match(r"\S*make(\.exe)?(\[\d+\])?: \*\*\*", line):
            sys.stderr.write(line)
    return make.wait() == 0


def publish(edition: Path, tables: Path, reports: Path) -> None:
    """Copy what differs, each file whole or not at all, and remove the tables and pages of steps that no longer are."""
    made = [name for step in steps(edition) for name in json.loads((edition / f"{step}.done").read_text(encoding="utf-8"))["outputs"]]
    for kind, place, ours in (("processed", tables, r"\d\d-.*\.csv"), ("reports", reports, r"\d\d-.*\.(html|pdf|svg)")):
        names = {name.partition("/")[2] for name in made if name.startswith(kind + "/")}
        place.mkdir(parents=True, exist_ok=True)
        for name in sorted(names):
            put(place / name, (edition / kind / name).read_bytes())
        for path in place.iterdir():
            if re.fullmatch(ours, path.name) and path.name not in names:
                path.unlink()
    sums(tables, reports)


def sums(tables: Path, reports: Path) -> None:
    """Write `SHA256SUMS` beside the reports: what `sha256sum -c` checks, for the pages and the tables."""
    made = sorted([*reports.glob("[0-9][0-9]-*.*"), *tables.glob("[0-9][0-9]-*.csv")])
    put(reports / "SHA256SUMS", "".join(f"{digest(path)}  {Path(os.path.relpath(path, reports)).as_posix()}\n" for path in made).encode())


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and only if that changes it."""
    if not path.is_file() or path.read_bytes() != content:
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        os.replace(part, path)


def build(target: str, names: list[str]) -> int:
    """Build and publish an edition (`report`), or only a step of it; 0, or 1 after a message."""
    started = time.monotonic()
    different = parameters.choose(parameters.known(notebooks()), {name: os.environ.get(name, "") for name in names if name not in SETTINGS})
    title = parameters.name(different)
    edition = begin(title, different)
    if target == "why" or os.environ.get("WHY"):
        explain(edition)
    if target == "why":
        return 0
    goals = [step for step in steps(edition) if target in ("report", step.partition(".")[0])]
    stale = settle(edition)
    if stale and not bring_up(edition, goals):
        print(UNTOUCHED, file=sys.stderr)
        return 1
    if target == "report":
        reports = ROOT / "reports" / title
        publish(edition, reports / "processed" if title else ROOT / "data" / "processed", reports)
        print(f"Done in {time.monotonic() - started:.1f} s." if stale else "Nothing to do.", end=" ")
    pages = [page.relative_to(ROOT).as_posix() for page in sorted((reports if target == "report" else edition / "reports").glob(goals[-1].partition(".")[0] + ".*")) if page.suffix != ".svg"]
    print("The brief:" if target == "report" else "Not published:", ", ".join(pages))
    return 0


def begin(title: str, different: dict[str, object]) -> Path:
    """The folder in which an edition is built, without what a killed build left there."""
    edition = BUILD / (title or "published")
    for name in ("notebooks", "processed", "reports"):
        (edition / name).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(edition / "scratch", ignore_errors=True)
    put(edition / "edition.json", json.dumps(different).encode())
    return edition


def main(target: str = "report", *names: str) -> int:
    """One build at a time in a folder."""
    try:
        if target == "parameters":
            print("\n".join(map(str, parameters.known(notebooks()).values())))
            return 0
        with locked(str(BUILD / "lock"), "Another build is running in this folder; waiting for it."):
            return build(target, " ".join(names).split())
    except BadChoice as bad:
        print(bad, file=sys.stderr)
    except OSError as error:
        print("The disk is full; make room and run make again." if error.errno == 28 else f"{error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(UNTOUCHED, file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
