"""Time `make report` beside plain command lines and a plain script: `make bench`, or
`.venv/bin/python -E -s benchmarks/bench.py --rounds 3`.

Everything runs in a copy of the project under build/. In each round all styles run in turn, ratios
are taken within a round, and the medians of the rounds are printed. A round before the first fills
the caches and is not counted. Seconds of different days or machines cannot be compared; the ratios
can.
"""

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MAKE = ["make", "report"]
UNFORKED = [*MAKE, "FORK=no"]
STYLES = {  # in the order of a round: what is shown, and the command
    "naive": (
        "papermill and jupyter nbconvert, one after another",
        ["sh", str(HERE / "naive.sh"), "naive"],
    ),
    "floor": (
        "the same cells as one plain script, without kernels",
        [".venv/bin/python", str(HERE / "floor.py"), "floor"],
    ),
    "unforked": ("`make report FORK=no`, nothing built", UNFORKED),
    "unforked french": ("`make report FORK=no`, a French sentence changed", UNFORKED),
    "unforked sentence": ("`make report FORK=no`, a sentence of the brief changed", UNFORKED),
    "full": ("`make report`, nothing built", MAKE),
    "nothing": ("`make report`, nothing to do", MAKE),
    "french": ("`make report`, a French sentence changed", MAKE),
    "sentence": ("`make report`, a sentence of the brief changed", MAKE),
    "figure": ("`make report`, a figure of the brief changed", MAKE),
}
CHANGES = {  # file, words, other words
    "french": (
        "translations/fr.po",
        'msgstr "Les coopératives du Maroc, telles',
        'msgstr "Toutes les coopératives du Maroc, telles',
    ),
    "sentence": (
        "notebooks/05-brief.ipynb",
        "and no recent count of those that last",
        "and no good count of those that last",
    ),
    "figure": ("data/raw/figures.csv", "A30,article,579 ", "A30,article,580 "),
}
RATIOS = [  # what, which to which, at least or at most
    ("command lines / full rebuild", "naive", "full", ">=", 6),
    ("full rebuild / plain script", "full", "floor", "<=", 0.85),
    ("sentence / full rebuild", "sentence", "full", "<=", 0.5),
    ("French sentence / full rebuild", "french", "full", "<=", 0.35),
    ("figure / full rebuild", "figure", "full", "<=", None),
    ("nothing to do, seconds", "nothing", None, "<=", 0.3),
    ("without fork: command lines / full rebuild", "naive", "unforked", ">=", 2.5),
    ("without fork: full rebuild / plain script", "unforked", "floor", "<=", 2.3),
    ("without fork: sentence / full rebuild", "unforked sentence", "unforked", "<=", 0.5),
    ("without fork: French sentence / full rebuild", "unforked french", "unforked", "<=", 0.35),
    ("full rebuild, forked / not", "full", "unforked", "<=", None),
    ("sentence, forked / not", "sentence", "unforked sentence", "<=", None),
    ("French sentence, forked / not", "french", "unforked french", "<=", None),
]
PACKAGES = [
    "papermill",
    "nbclient",
    "nbconvert",
    "jupyter_client",
    "ipykernel",
    "ipython",
    "pandas",
    "numpy",
    "matplotlib",
    "babel",
    "typst",
]


def copy_project(place: Path) -> None:
    """The project's files as they are now, and its environment (as hard links) as the copy's own:
    its scripts call its Python, and make finds it finished.
    """
    listing = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name)
    ours = place / ".venv"
    left = shutil.ignore_patterns(".cache", "finished.json")
    shutil.copytree(sys.prefix, ours, symlinks=True, copy_function=os.link, ignore=left)
    for name in ("papermill", "jupyter", "jupyter-nbconvert"):
        script = ours / "bin" / name
        text = script.read_text(encoding="utf-8").replace(sys.prefix, str(ours))
        script.unlink()  # a hard link: the text is the copy's own
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)
    locks = [(place / name).read_text("utf-8") for name in ("requirements.txt", "pyproject.toml")]
    stamp = {"key": [*locks, sys.version, str(place)], "files": 1}
    (ours / "finished.json").write_text(json.dumps(stamp), encoding="utf-8")
    check = [".venv/bin/python", "-E", "-s", "-S", "tools/setup_env.py", "check"]
    subprocess.run(check, cwd=place, check=True)


def processor() -> float:
    """Processor seconds of all finished child processes."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def busy() -> float:
    """Seconds that the processors were busy with whatever it was; 0 where nobody says."""
    if not Path("/proc/stat").exists():
        return 0.0
    ticks = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return sum(ticks[:3] + ticks[5:8]) / os.sysconf("SC_CLK_TCK")


class Bench:
    """A copy of the project in which commands are timed."""

    def __init__(self, place: Path):
        self.place = place
        self.steps: dict[str, list[str]] = {}
        self.cpu: dict[str, list[float]] = {}
        self.others: dict[str, list[float]] = {}
        self.differing: list[str] = []
        self.before = {
            name: (place / name).read_text(encoding="utf-8") for name, _, _ in CHANGES.values()
        }
        settings = r"PYTHON|JUPYTER_|MAKE|MFLAGS|MPL|IPYTHON|TAAWUN|JOBS|VIRTUAL_ENV"
        clean = {name: os.environ[name] for name in os.environ if not re.match(settings, name)}
        self.env = clean | {
            "PATH": f"{place}/.venv/bin{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(place),
        }

    def run(self, command: list[str], **options) -> str:
        """What a command in the copy prints; the end of everything if it fails."""
        options = {
            "cwd": self.place,
            "env": self.env,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
        } | options
        done = subprocess.run(command, text=True, encoding="utf-8", **options)
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")
        return done.stdout

    def time(self, style: str) -> float:
        """Seconds that a style takes; its processor time, that of other programs meanwhile, and the
        steps that ran are noted.
        """
        before = processor(), busy(), time.perf_counter()
        said = self.run(STYLES[style][1])
        after = processor(), busy(), time.perf_counter()
        own, every, seconds = (late - early for early, late in zip(before, after, strict=True))
        self.cpu.setdefault(style, []).append(own)
        self.others.setdefault(style, []).append(max(0.0, every - own) / seconds)
        self.steps[style] = re.findall(r"(?m)^  (\d\d-\S+) ", said)
        return seconds

    def round(self) -> dict[str, float]:
        """Seconds of every style. A change stays until the round ends."""
        self.restore("naive", "floor")
        found = {}
        for style in STYLES:
            if style in ("unforked", "full"):
                self.restore()
            if change := CHANGES.get(style.rpartition(" ")[2]):
                self.change(*change)
            found[style] = self.time(style)
            self.differing = self.compare() if style == "full" else self.differing
        return found

    def restore(self, *more: str) -> None:
        """The copy as at first, nothing built."""
        for made in ("build", *more):
            shutil.rmtree(self.place / made, ignore_errors=True)
        for name, text in self.before.items():
            (self.place / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Other words in a file."""
        text = self.before[name]
        if text.count(old) != 1:
            sys.exit(
                f"benchmarks/bench.py changes {old!r} in {name}, which should stand there once"
            )
        (self.place / name).write_text(text.replace(old, new), encoding="utf-8")

    def compare(self) -> list[str]:
        """Pages that the plain ways print otherwise: they should do the same work, though they do
        not know which pages belong together.
        """
        links = re.compile(rb'(?s)<nav class="pages".*?</nav>\n*')
        pages = {
            f"{style}/{path.name}": [
                links.sub(b"", page.read_bytes()) for page in (path, self.place / style / path.name)
            ]
            for style in ("naive", "floor")
            for path in sorted((self.place / "reports").glob("0*"))
            if path.suffix in (".html", ".pdf")
        }
        return [name for name, (ours, theirs) in pages.items() if ours != theirs]

    def phases(self) -> dict[str, dict[str, float]]:
        """Seconds of each step by phase, one step after another, as if alone."""
        from taawun.build.schedule import environment

        self.restore()
        self.run(MAKE)
        edition = self.place / "build/published"
        (edition / "scratch").mkdir(exist_ok=True)
        ours = {name: self.env[name] for name in ("PATH", "PYTHONPATH")}
        home = {"TAAWUN_ROOT": str(self.place), "TAAWUN_TYPED": str(self.place / "data")}
        env = environment(edition) | ours | home
        found = {}
        for path in sorted(edition.glob("*.done")):
            python, script = self.place / ".venv/bin/python", HERE / "phases.py"
            command = [str(python), str(script), path.stem, str(time.time())]
            found[path.stem] = json.loads(self.run(command, cwd=edition, env=env).splitlines()[-1])
        return found


def table(rows: list[list]) -> str:
    """Rows as a Markdown table; the first is the heading."""
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines) + "\n"


def machine() -> str:
    """What it was measured on."""
    cpuinfo = Path("/proc/cpuinfo")
    told = re.search(r"model name\s*: (.*)", cpuinfo.read_text()) if cpuinfo.exists() else None
    model = told[1] if told else platform.processor() or platform.machine()
    system = f"{platform.system()} {platform.release()}; Python {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = os.getloadavg()[0]
    return (
        f"{date.today()}; {os.cpu_count()} cores, {model}; {system}; {packages}; "
        f"load before: {load:.1f}.\n"
    )


def styles(rounds: list[dict], bench: Bench) -> str:
    """One row a style."""
    rows = [
        [
            "style",
            "s, median",
            "s, lowest to highest",
            "processor s",
            "cores taken by others",
            "naive / it",
            "it / floor",
            "steps that ran",
        ]
    ]
    for style, (words, _) in STYLES.items():
        seconds = [found[style] for found in rounds]
        ratios = [
            f"{median(found['naive'] / found[style] for found in rounds):.2f}",
            f"{median(found[style] / found['floor'] for found in rounds):.2f}",
        ]
        used, others = (
            f"{median(noted[style][-len(rounds) :]):.1f}" for noted in (bench.cpu, bench.others)
        )
        rows.append(
            [
                words,
                f"{median(seconds):.2f}",
                f"{min(seconds):.2f} to {max(seconds):.2f}",
                used,
                others,
                *ratios,
                ", ".join(sorted(bench.steps[style])),
            ]
        )
    return table(rows)


def goals(rounds: list[dict]) -> str:
    """One row a ratio, with its goal and whether the median reaches it."""
    rows = [["ratio", "median", "lowest to highest", "goal", "holds"]]
    for words, one, other, sign, goal in RATIOS:
        found = [seconds[one] / (seconds[other] if other else 1) for seconds in rounds]
        middle, holds = median(found), ""
        if goal is not None:
            is_reached = middle >= goal if sign == ">=" else middle <= goal
            holds = "yes" if is_reached else "**no**"
        spread = f"{min(found):.2f} to {max(found):.2f}"
        rows.append([words, f"{middle:.2f}", spread, f"{sign} {goal}" if goal else "", holds])
    return table(rows)


def parts(phases: dict[str, dict[str, float]]) -> str:
    """One row a phase, one column a step, and the sums."""
    names = list(dict.fromkeys(name for step in phases.values() for name in step))
    rows = [["phase, s", *phases, "all"]]
    for name in [*names, "all"]:
        found = [
            sum(step.values()) if name == "all" else step.get(name, 0) for step in phases.values()
        ]
        rows.append([name, *(f"{seconds:.2f}" for seconds in found), f"{sum(found):.2f}"])
    return table(rows)


def main() -> None:
    """A table of the styles, one of the goals, and one of the phases of each step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    count = parser.parse_args().rounds
    (ROOT / "build").mkdir(exist_ok=True)
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "build") as folder:
        copy_project(Path(folder))
        bench = Bench(Path(folder))
        rounds = [bench.round() for _ in range(count + 1)][1:]
        print(styles(rounds, bench), goals(rounds), sep="\n")
        print(
            f"Pages that differ from the report's: {', '.join(bench.differing) or 'none'}.\n",
            flush=True,
        )
        print(parts(bench.phases()))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
