"""How seconds, memory and pages grow with the printed figures:
`.venv/bin/python -E -s benchmarks/scale.py 1 10 100` (some minutes).

In a copy of the project under build/, `data/raw/figures.csv` gets so many times as many rows:
copies of the present ones under other ids, about entities of their own. Every step is run by itself
and in order, as with `FORK=no`, and then what is made of a built edition. Of each a row: seconds of
processor, and MB of memory of its largest process. Of each file that people open its kB, the
largest first; it ends with an error if one has more than 2 MB.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from bench import ROOT, copy_project, machine, table

#: What is made of an edition: the module with its arguments.
AFTER = {
    "the typed tables": ["taawun.check"],
    "the records": ["taawun.metadata"],
    "verification": ["taawun.verify"],
    "changes": ["taawun.changes", str(ROOT)],
}
#: What people open of an edition, and the kB that none may have more of.
OPENED = ("reports/*.html", "reports/*.pdf", "reports/*.docx", "build/changes/*.html")
LARGEST = 2000


def multiply(data: Path, times: int) -> int:
    """Give a project so many times as many printed figures; how many they are."""
    figures, words = data / "raw/figures.csv", data / "hand/vocabulary.csv"
    columns, *rows = _read(figures)
    own, entity = columns.index("figure_id"), columns.index("entity")
    free = _ids({row[own] for row in rows})
    copies = []
    for copy in range(2, times + 1):
        for row in rows:
            copies.append([*row])
            copies[-1][own], copies[-1][entity] = next(free), f"{row[entity]}-again{copy}"
    spoken = [["entity", name, ""] for name in sorted({row[entity] for row in copies})]
    readings = data / "hand/readings.csv"
    named, *read = _read(readings)
    by_id = {line[0]: line for line in read}
    twins = [row[own] for row in rows] * (times - 1)
    again = [
        [row[own], *by_id[twin][1:]]
        for row, twin in zip(copies, twins, strict=True)
        if twin in by_id
    ]
    _write(figures, [columns, *rows, *copies])
    _write(words, [*_read(words), *spoken])
    _write(readings, [named, *read, *again])
    return len(rows) + len(copies)


def _ids(taken: set[str]) -> Iterator[str]:
    """Ids of figures that no figure has."""
    for end, letter, number in product(ascii_lowercase, ascii_uppercase, range(1000)):
        if (name := f"{letter}{number:02}{end}") not in taken:
            yield name


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def run(
    place: Path, arguments: list[str], folder: Path, env: dict[str, str]
) -> tuple[float, float]:
    """The processor seconds and the MB of the largest process of a module; what it says if it
    fails.
    """
    command = [str(place / ".venv/bin/python"), "-m", *arguments]
    with (place / "build/said").open("w+") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        if status:
            said.seek(0)
            sys.exit(f"{' '.join(arguments)} failed:\n{said.read()}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


class Measured(NamedTuple):
    """Of each step, and of what is made of an edition, its processor seconds and its MB; and of
    each file that people open its kB.
    """

    used: dict[str, tuple[float, float]]
    pages: dict[str, float]


def measure(times: int) -> Measured:
    """What so many times as many figures take."""
    used = {}
    with tempfile.TemporaryDirectory(prefix="scale-", dir=ROOT / "build") as folder:
        place = Path(folder)
        copy_project(place)
        multiply(place / "data", times)
        planned = subprocess.run(
            [sys.executable, "-c", PLAN], cwd=place, text=True, stdout=subprocess.PIPE, check=True
        )
        from taawun.build.schedule import environment

        edition = place / "build/published"
        given = {"PYTHONPATH": str(place), "TAAWUN_ROOT": str(place)}
        env = environment(edition) | given | {"TAAWUN_TYPED": str(place / "data")}
        for step in planned.stdout.split():
            used[step] = run(place, ["taawun.build.run", step], edition, env)
        subprocess.run([sys.executable, "-c", PUBLISH], cwd=place, check=True)
        for name, arguments in AFTER.items():
            used[name] = run(place, arguments, place, env)
        files = [path for pattern in OPENED for path in place.glob(pattern)]
        return Measured(used, {path.name: path.stat().st_size / 1000 for path in files})


#: What runs in the copy: its steps in order, and its edition published.
PLAN = """
from taawun.build import edition, graph
folder = edition.open_edition("", {})
(folder / "scratch").mkdir(exist_ok=True)
flow = graph.flow(folder)
print(*graph.with_upstream(list(flow), flow))
"""
PUBLISH = """
from taawun.build import edition
from taawun.paths import PROCESSED, ROOT
edition.publish(edition.PUBLISHED, PROCESSED, ROOT / "reports")
"""


def main(*sizes: str) -> None:
    """A row a step, two columns a size, and a row a page; an error if one is too large."""
    print(machine(), flush=True)
    counts = [int(size) for size in sizes]
    found = [measure(times) for times in counts]
    rows = [["figures, times", *(f"{times}: {unit}" for unit in ("s", "MB") for times in counts)]]
    for name in found[0].used:
        seconds, memory = zip(*(of.used[name] for of in found), strict=True)
        rows.append([name, *(f"{s:.1f}" for s in seconds), *(f"{mb:,.0f}" for mb in memory)])
    print(table(rows))
    last = found[-1].pages
    rows = [["page", *(f"{times}: kB" for times in counts)]]
    for name in sorted(last, key=lambda name: -last[name]):
        rows.append([name, *(f"{of.pages.get(name, 0):,.0f}" for of in found)])
    print(table(rows))
    large = {name for of in found for name, size in of.pages.items() if size > LARGEST}
    if large:
        sys.exit(f"Larger than {LARGEST:,} kB: {', '.join(sorted(large))}.")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(*sys.argv[1:] or ("1", "10", "100"))
