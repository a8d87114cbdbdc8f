"""Other words of printed figures in an experiment: `make report speech_members="plus de 778.000"`.

The edition's folder then has tables of its own under `data/`, copies of what people typed but for
these words. Standard library only, but to read such words.
"""

from __future__ import annotations

import re
import site
from importlib import import_module
from pathlib import Path

from taawun.build import BuildError, parameters
from taawun.build.files import rows, write_atomically
from taawun.build.parameters import Parameter
from taawun.paths import ROOT

TYPED = ROOT / "data"
FIGURES, SOURCES, INDICATORS = "raw/figures.csv", "raw/sources.csv", "hand/indicators.csv"
READINGS, NAMES = "hand/readings.csv", "hand/names.csv"
LONGEST = 60  # characters of the words, as in the table
PATH = 180  # bytes of the name of a folder


def figure_ids() -> dict[str, str]:
    """The figure_id of every printed figure by its name and by itself."""
    found = {row["figure_id"]: row["figure_id"] for row in rows(TYPED / FIGURES)}
    return found | {row["name"]: row["figure_id"] for row in rows(TYPED / NAMES)}


def choose(available: dict[str, Parameter], typed: dict[str, str]) -> dict[str, object]:
    """What differs from the published edition, by name in capitals or not: parameters, and figures
    with their words. Raises BuildError with all that is wrong, the parameters and the nearest names
    of figures.
    """
    others = [name for name in typed if name.lower() not in available]
    if not others:
        return parameters.choose(available, typed)
    figures = figure_ids()
    names = {name.lower(): name for name in figures}
    words = {names[n.lower()]: typed[n].strip() for n in others if n.lower() in names}
    unknown = [name for name in others if name.lower() not in names]
    known = {n: text for n, text in typed.items() if n not in others or n in unknown}
    try:
        chosen = parameters.choose(available, known)
    except BuildError as error:
        raise BuildError("\n".join([str(error), *nearest(unknown, names)])) from None
    faults = [fault for name, text in words.items() for fault in _faults(name, figures[name], text)]
    for name in words:
        others = [other for other in words if figures[other] == figures[name]]
        if name == others[-1] != others[0]:
            faults.append(
                f"{' and '.join(others)} are one figure; accepted: words for one of them."
            )
    if faults:
        raise BuildError("\n".join(faults))
    printed = {row["figure_id"]: row["as_printed"] for row in rows(TYPED / FIGURES)}
    return chosen | {name: t for name, t in words.items() if t != printed[figures[name]]}


def nearest(unknown: list[str], names: dict[str, str]) -> list[str]:
    """A line with the names of figures, by themselves in small letters, that are like unknown ones;
    none if none are.
    """
    from difflib import get_close_matches

    near = [one for name in unknown for one in get_close_matches(name.lower(), names, 4, 0.5)]
    told = ", ".join(names[name] for name in near)
    return [f"The nearest names of printed figures: {told}."] if near else []


def _faults(name: str, figure_id: str, words: str) -> list[str]:
    """Why the words of a figure cannot be read; nothing if they can."""
    try:
        _language(name, figure_id, words)
    except BuildError as error:
        return [str(error)]
    return []


def _language(name: str, figure_id: str, words: str) -> str:
    """The language in which the fewest words are passed over, then one in which a hedge is read,
    and of several that of the source. Raises BuildError with why that one cannot read them, or why
    another is in doubt that knows its words as well.
    """
    row, sources = _by(FIGURES, "figure_id")[figure_id], _by(SOURCES, "source_id")
    own = sources[row["source_id"]]["language"]
    indicator = _by(INDICATORS, "indicator")[row["indicator"]]
    if not 0 < len(words) <= LONGEST or not words.isprintable():
        accepted = f"the words of a figure in one line, at most {LONGEST} characters"
        raise BuildError(f"{name}={words} is not accepted; accepted: {accepted}.")
    if indicator["measure"] == "text":
        return own
    site.main()  # the build does without the packages that the reader needs
    # by name, for otherwise every step would depend on how words are read
    parser = import_module("taawun.numbers.parser")
    fitting = import_module("taawun.numbers.fitting").fitting
    ambiguous = import_module("taawun.numbers.grammar").AMBIGUOUS
    counted, faults, missed = [indicator[n] for n in ("indicator", "unit", "measure")], [], {}
    doubts = {}
    for language in dict.fromkeys([own, *sorted(s["language"] for s in sources.values())]):
        reader = parser.Reader(words, language, mean="/" in indicator["unit"])
        try:
            quantity = fitting(reader.quantity(), words, *counted)
            missed[language] = len(reader.not_understood()), quantity.qualifier == "exact"
        except parser.UnreadableFigure as error:
            faults.append(error)
            if error.why.endswith(ambiguous):
                doubts[len(reader.not_understood())] = error
    if not missed:
        raise BuildError(f"{name} ({figure_id}): {faults[0]}")
    best = min(missed, key=lambda language: missed[language])
    # The source's own language may know as many words as one in doubt, another has to know more.
    if min(doubts, default=LONGEST) < missed[best][0] + (best != own):
        raise BuildError(f"{name} ({figure_id}): {doubts[min(doubts)]}")
    return best


def folder_name(different: dict[str, object]) -> str:
    """What an experiment's folder is called: what differs, with a hyphen for what no name of a
    folder should hold.
    """
    title = parameters.folder_name(
        {
            name: re.sub(r"[^\w.+-]+", "-", parameters.as_typed(value)).strip("-")
            for name, value in different.items()
        }
    )
    if len(title.encode()) <= PATH:
        return title
    import hashlib

    cut = title.encode()[:PATH].decode(errors="ignore")
    return f"{cut}-{hashlib.sha256(title.encode()).hexdigest()[:8]}"


def lay_out(edition: Path, different: dict[str, object]) -> None:
    """Give an edition tables of its own if it has other words for printed figures."""
    place, figures = edition / "data", figure_ids() if different else {}
    words = {figures[name]: str(text) for name, text in different.items() if name in figures}
    if not words:
        if place.exists():
            import shutil

            shutil.rmtree(place, ignore_errors=True)
        return
    typed = [path for path in TYPED.glob("*/*") if path.parent.name in ("raw", "hand")]
    files = {path: path.read_bytes() for path in [*typed, *TYPED.glob("*.csv")] if path.is_file()}
    printed, sources = rows(TYPED / FIGURES), _by(SOURCES, "source_id")
    for row in printed:
        if text := words.get(row["figure_id"]):
            source = sources[row["source_id"]]
            language = _language(row["figure_id"], row["figure_id"], text)
            if language != source["language"]:  # the same witness, as if it spoke another one
                name = f"{source['source_id']}-{language}"
                witness = source["repeats"] or source["source_id"]
                own = {"source_id": name, "language": language, "repeats": witness}
                sources[name] = source | own
                row["source_id"] = name
            row["as_printed"] = text
    files[TYPED / FIGURES] = _written(printed)
    files[TYPED / SOURCES] = _written([*sources.values()])
    if readings := rows(TYPED / READINGS):  # what a person read belongs to the old words
        kept = [row for row in readings if row["figure_id"] not in words]
        files[TYPED / READINGS] = _written(kept, list(readings[0]))
    copies = {place / path.relative_to(TYPED): content for path, content in files.items()}
    for path in copies:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(copies)
    for path in place.rglob("*.csv"):
        if path not in copies:  # the project has it no more
            path.unlink()


def _by(table: str, column: str) -> dict[str, dict[str, str]]:
    """The rows of a typed table by a column."""
    return {row[column]: row for row in rows(TYPED / table)}


def _written(rows: list[dict[str, str]], columns: list[str] | None = None) -> bytes:
    """A table as a file."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
