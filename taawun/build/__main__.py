"""Build the report: `python -m taawun.build report [NAME ...]`, where each NAME=value given to make
is in the environment.

An edition is built in `build/<edition>/`. Its steps are scheduled by make (the data flow stands in
the Makefile) and are keyed on content: a step is done while its record `<step>.done` names the same
inputs and outputs that are there now. Only a complete edition is published, into `data/processed`
and `reports`. Standard library only: with nothing to do this is all that runs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from pathlib import Path

from taawun.build import forkserver as warm
from taawun.build import parameters
from taawun.build.files import digest, write_atomically
from taawun.build.graph import NOTEBOOKS, ROOT, forget, inputs, notebooks, reads, steps
from taawun.build.mutex import locked
from taawun.build.parameters import BadChoice

BUILD = ROOT / "build"
SETTINGS = {
    "PYTHON",
    "JOBS",
    "WHY",
    "FORK",
}  # what may stand beside the parameters on make's command line
SUMS = "SHA256SUMS"
UNTOUCHED = "Stopped. The reports of the last complete build are as they were."
# The same bytes everywhere: nothing of the user's settings, place or time reaches a kernel.
SURROUNDINGS = {
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JUPYTER_PREFER_ENV_PATH": "1",
}


def reasons(step: str, edition: Path) -> list[str]:
    """Why a step has to run: what it was made from or has made and is no longer so; empty if it is
    done.
    """
    done = edition / f"{step}.done"
    if not done.is_file():
        return ["it has not been built here, or did not finish"]
    noted, now = json.loads(done.read_text(encoding="utf-8")), inputs(step, edition)
    before = noted["inputs"]
    changed = [
        f"{name} is {'gone' if name not in now else 'new' if name not in before else 'changed'}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]
    return changed + [
        f"{name} is not as it was made"
        for name, value in noted["outputs"].items()
        if digest(edition / name) != value
    ]


def explain(edition: Path) -> None:
    """A line a step: why it runs, on whose tables it waits, or that it need not run."""
    forget()
    running = []
    for step in steps(edition):
        found, before = reasons(step, edition), before_it(step, running)
        waits = f"runs if {' or '.join(before)} changes a table" if before else "is done"
        print(
            f"  {step:<14} "
            + (
                f"runs: {', '.join(found[:3])}{' and more' if len(found) > 3 else ''}"
                if found
                else waits
            )
        )
        running += [step] if found or before else []


def before_it(step: str, others: list[str]) -> list[str]:
    """Those of the other steps whose tables a step reads."""
    read = reads(NOTEBOOKS / f"{step.partition('.')[0]}.ipynb")
    return [
        other for other in others if any(name.startswith(f"processed/{other[:3]}") for name in read)
    ]


def settle(edition: Path) -> list[str]:
    """The steps that are not done or no longer; their records are removed and the others made
    young, so that make, which goes by dates, sees just what there is to do.
    """
    forget()
    stale = [step for step in steps(edition) if reasons(step, edition)]
    for step in steps(edition) if stale else []:
        done = edition / f"{step}.done"
        done.unlink(missing_ok=True) if step in stale else os.utime(done)
    return stale


def bring_up(edition: Path, goals: list[str]) -> bool:
    """Run what is to be done until the goals' records hold; a file that changes meanwhile makes
    another round. False if a step failed.
    """
    for _ in range(5):
        if not run(edition, goals):
            return False
        if not set(settle(edition)) & set(goals):
            return True
    raise BadChoice(
        "Files of the project kept changing while it was built; run make again when they rest."
    )


def run(edition: Path, goals: list[str]) -> bool:
    """Let make run the steps that are not done, at most three at once, and those behind them;
    whether all went well.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"PYTHON|JUPYTER_|MAKE|MFLAGS|GNUMAKEFLAGS|MPL|IPYTHON", name)
    }
    from subprocess import (
        PIPE,
        Popen,
    )  # here, as it is not needed to find that there is nothing to do

    own = Path(sys.executable).parents[1] / ".cache"
    own.mkdir(exist_ok=True)
    env |= SURROUNDINGS | {
        "PYTHONPATH": str(ROOT),
        "TAAWUN_PYTHON": sys.executable,
        "MPLCONFIGDIR": str(own / "matplotlib"),
        "IPYTHONDIR": str(own),
        "JUPYTER_CONFIG_DIR": str(own / "jupyter"),
        "JUPYTER_DATA_DIR": str(own / "jupyter"),
    }
    jobs = os.environ.get("JOBS", "3") if os.environ.get("JOBS", "3").isdigit() else "3"
    command = [
        os.environ.get("TAAWUN_MAKE", "make"),
        "-s",
        "--no-print-directory",
        f"-j{jobs}",
        "-f",
        "../../Makefile",
        *[f"{goal}.done" for goal in goals],
    ]
    with warm.processes(env, edition) as how:
        make = Popen(
            command,
            cwd=edition,
            env=env | how,
            stderr=PIPE,
            text=True,
            encoding="utf-8",
            close_fds=False,
        )
        for line in make.stderr:  # the steps say what went wrong; make's own account of it is noise
            if not re.match(r"\S*make(\.exe)?(\[\d+\])?: \*\*\*", line):
                sys.stderr.write(line)
        return make.wait() == 0


def publish(edition: Path, tables: Path, reports: Path) -> list[Path]:
    """Copy what differs, and remove the tables and pages of steps that no longer are; the files
    that changed. All are written before the first takes its place.
    """
    places, made = {"processed": tables, "reports": reports}, {}
    for step in steps(edition):
        made |= json.loads((edition / f"{step}.done").read_text(encoding="utf-8"))["outputs"]
    names = {
        places[kind] / name: f"{kind}/{name}"
        for kind, _, name in (name.partition("/") for name in made)
        if kind in places
    }
    files = {path: (edition / name).read_bytes() for path, name in names.items()}
    files[reports / SUMS] = "".join(
        f"{made[name]}  {Path(os.path.relpath(path, reports)).as_posix()}\n"
        for path, name in sorted(names.items())
    ).encode()
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
        for part in place.glob("*.part"):  # a killed build left it
            part.unlink()
    gone = [
        path
        for place, ours in ((tables, r"\d\d-.*\.csv"), (reports, r"\d\d-.*\.(html|pdf|svg)"))
        for path in place.iterdir()
        if re.fullmatch(ours, path.name) and path not in files
    ]
    changed = write_atomically(files)
    for path in gone:
        path.unlink()
    return changed + gone


def unlike(reports: Path) -> list[str]:
    """The pages and tables that are not what `SHA256SUMS` says that the build made.

    `sha256sum -c` says the same.
    """
    if not (reports / SUMS).is_file():
        return [f"{SUMS} is missing"]
    listed = [
        line.split("  ", 1) for line in (reports / SUMS).read_text(encoding="utf-8").splitlines()
    ]
    return [
        f"{name} is not what the build made ({SUMS})"
        for value, name in listed
        if digest(reports / name) != value
    ]


def build(target: str, names: list[str]) -> int:
    """Build and publish an edition (`report`), or only a step of it; 0, or 1 after a message."""
    started = time.monotonic()
    different = parameters.choose(
        parameters.known(notebooks()),
        {name: os.environ.get(name, "") for name in names if name not in SETTINGS},
    )
    title = parameters.name(different)
    edition = begin(title, different)
    if target == "why" or os.environ.get("WHY"):
        explain(edition)
    if target == "why":
        return 0
    goals = [step for step in steps(edition) if target in ("report", step.partition(".")[0])]
    stale = settle(edition)
    if stale:
        behind = [step for step in steps(edition) if step not in stale and before_it(step, stale)]
        print(
            f"Building {', '.join(stale)}"
            + (f"; and if a table changes, {', '.join(behind)}" if behind else ""),
            flush=True,
        )
    if stale and not bring_up(edition, goals):
        print(UNTOUCHED, file=sys.stderr)
        return 1
    if target == "report":
        reports = ROOT / "reports" / title
        changed = publish(
            edition, reports / "processed" if title else ROOT / "data" / "processed", reports
        )
        print(
            f"Done in {time.monotonic() - started:.1f} s; {len(changed) or 'no'} published "
            f"file{'s' * (len(changed) != 1)} changed."
            if stale or changed
            else "Nothing to do.",
            end=" ",
        )
    pages = [
        page.relative_to(ROOT).as_posix()
        for page in sorted(
            (reports if target == "report" else edition / "reports").glob(
                goals[-1].partition(".")[0] + ".*"
            )
        )
        if page.suffix != ".svg"
    ]
    print("The brief:" if target == "report" else "Not published:", ", ".join(pages))
    return 0


def begin(title: str, different: dict[str, object]) -> Path:
    """The folder in which an edition is built, without what a killed build left there; a new
    experiment starts from the published edition.
    """
    edition = BUILD / (title or "published")
    if not edition.exists() and (BUILD / "published").exists():
        shutil.rmtree(BUILD / "new", ignore_errors=True)
        shutil.copytree(
            BUILD / "published", BUILD / "new", ignore=shutil.ignore_patterns("scratch")
        ).rename(edition)
    for name in ("notebooks", "processed", "reports"):
        (edition / name).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(edition / "scratch", ignore_errors=True)
    write_atomically({edition / "edition.json": json.dumps(different).encode()})
    return edition


def main(target: str = "report", *names: str) -> int:
    """One build at a time in a folder."""
    try:
        if target == "parameters":
            print("\n".join(map(str, parameters.known(notebooks()).values())))
            return 0
        with locked(
            str(BUILD / "lock"), "Another build is running in this folder; waiting for it."
        ):
            if target == "sums":
                print(
                    *(wrong := unlike(ROOT / "reports"))
                    or ["The reports and tables are as the last build made them."],
                    sep="\n",
                )
                return int(bool(wrong))
            return build(target, " ".join(names).split())
    except BadChoice as bad:
        print(bad, file=sys.stderr)
    except OSError as error:
        print(
            "The disk is full; make room and run make again." if error.errno == 28 else f"{error}",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print(UNTOUCHED, file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
