"""How long `make watch` needs from the saving of a file to the page that holds it: edits of a
sentence of the brief, then of a printed figure, in a copy of the project. `watch.py [EDITS]`.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from bench import ROOT, copy_project

SENTENCE = "notebooks/05-brief.ipynb", "## In short", "## In short, {}"
FIGURE = "data/raw/figures.csv", '"65,315 cooperatives"', '"65,{} cooperatives"'


def edited(project: Path, address: str, edit: tuple[str, str, str], times: int) -> list[float]:
    """Seconds from the saving of each edit to the page that shows it, as a browser asks for it."""
    name, old, new = edit
    path = project / name
    text, seconds = path.read_text(encoding="utf-8"), []
    for number in range(316, 316 + times):
        words, version = new.format(number), get(f"{address}version?")
        path.write_text(text.replace(old, words), encoding="utf-8")
        began = time.monotonic()
        while words.strip('#" ').removesuffix(" cooperatives") not in get(address):
            version = get(f"{address}version?{version}")
        seconds.append(time.monotonic() - began)
        time.sleep(1)
    path.write_text(text, encoding="utf-8")
    time.sleep(10)
    return seconds


def get(address: str) -> str:
    """What is served there."""
    with urlopen(address) as answer:
        return answer.read().decode()


def main(times: int = 20) -> None:
    """Print median, least and greatest of both kinds of edits."""
    with tempfile.TemporaryDirectory(prefix="watch-", dir=ROOT / "build") as folder:
        project = Path(folder)
        copy_project(project)
        program = [sys.executable, "-E", "-s", "-m", "taawun.build"]
        subprocess.run([*program, "report"], cwd=project, check=True)
        with subprocess.Popen(
            [*program, "watch"], cwd=project, stdout=subprocess.PIPE, text=True
        ) as watch:
            assert watch.stdout
            (address,) = re.findall(r"http://\S+", watch.stdout.readline())
            time.sleep(4)
            for what, edit in (("sentence", SENTENCE), ("figure", FIGURE)):
                found = edited(project, address, edit, times)
                median = statistics.median(found)
                print(f"{what}: {median:.2f} s ({min(found):.2f} to {max(found):.2f})")
            watch.send_signal(2)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
