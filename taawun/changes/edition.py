"""An edition to compare with another: from a folder, an archive or a revision of git."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import nan
from pathlib import Path

from taawun.build import headlines, parameters
from taawun.ledger import COLUMNS
from taawun.paths import ROOT
from taawun.quantity import Quantity
from taawun.tables import NUMBERS, BadTable, Row, read_rows
from taawun.verify.recompute import ledgers

#: What a ledger must have; older editions did not know periods and sources.
NEEDED = {*COLUMNS, "step"} - {"start", "source"}
ACCEPTED = "a folder with an edition, an archive of one, or a revision or tag of git"


@dataclass(frozen=True)
class Edition:
    """The entries of all ledgers and the printed figures, both by the name in the ledger; the
    numbers that its briefs state, and whether their key messages do; the project that it was made
    from, and its parameters as they are typed.
    """

    name: str
    project: Path
    rows: dict[str, Row]
    figures: dict[str, Row]
    shown: dict[str, bool]
    chosen: dict[str, str]

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """Every entry as its ledger states it."""
        found: dict[str, Quantity] = {}
        for name, row in self.rows.items():
            inputs = tuple(found[part] for part in row["inputs"].split() if part in found)
            found[name] = replace(quantity(row), formula=row["formula"], inputs=inputs)
        return found


def quantity(row: Row) -> Quantity:
    """The number that a row of a ledger states."""
    value, low, high = (float(row[column]) if row[column] else nan for column in NUMBERS)
    unit, qualifier, name, label = (row[key] for key in ("unit", "qualifier", "id", "label"))
    named = Quantity(value, low, high, unit, qualifier, name, label)
    return replace(named, start=row.get("start", ""), date=row["date"])


def open_edition(named: str, scratch: Path) -> Edition:
    """The edition that a folder, an archive or a revision holds; `scratch` is for what has to be
    unpacked. Raises BadTable with a sentence if there is none, or none that can be compared.
    """
    place = Path(named)
    folder = place if place.is_dir() else _unpacked(named, scratch)
    homes = {
        folder / "data/processed": (folder, folder / "reports"),
        folder / "processed": (ROOT, folder / "reports"),
        folder: (folder.parents[1] if folder.name == "processed" else ROOT, folder),
    }
    tables = next((home for home in homes if [*home.glob("[0-9][0-9]-ledger.csv")]), None)
    if not tables:
        raise BadTable([f"{named}: there is no ledger in it; accepted: {ACCEPTED}"])
    project, reports = homes[tables]
    rows = ledgers(tables)
    if missing := NEEDED - next(iter(rows.values())).keys():
        raise BadTable([f"{named}: its ledger has no column {min(missing)} and cannot be read"])
    printed = next(tables.glob("[0-9][0-9]-figures.csv"), None)
    codes = {row.get("figure_id") or row["id"]: name for name, row in rows.items()}
    figures: dict[str, Row] = (
        {codes.get(row["figure_id"], ""): row for row in read_rows(printed)} if printed else {}
    )
    shown = headlines.shown(reports if reports.is_dir() else folder)
    return Edition(named, project, rows, figures, shown, dict(_chosen(folder, project)))


def aligned(old: Edition, new: Edition) -> Edition:
    """The old edition with the names that the new one has for the same printed figures. Raises
    BadTable if most of its numbers are unknown to the new one.
    """
    names = {row.get("figure_id", ""): name for name, row in new.rows.items()}
    to = {
        name: names.get(row.get("figure_id") or name, name)
        for name, row in old.rows.items()
        if not row["formula"]
    }

    def renamed(text: str) -> str:
        return re.sub(r"[A-Za-z_]\w*", lambda found: to.get(found[0], found[0]), text)

    rows: dict[str, Row] = {
        to.get(name, name): {
            **row,
            **{column: renamed(row[column]) for column in ("id", "formula", "inputs")},
        }
        for name, row in old.rows.items()
    }
    common = len(rows.keys() & new.rows.keys())
    if 2 * common < min(len(rows), len(new.rows)):
        raise BadTable(
            [
                f"{old.name}: only {common} of its {len(rows)} numbers have a name that {new.name} "
                f"knows; accepted: an edition whose numbers have the same names or figure ids"
            ]
        )
    figures = {to.get(name, name): row for name, row in old.figures.items()}
    return replace(
        old, rows=rows, figures=figures, shown={to.get(n, n): old.shown[n] for n in old.shown}
    )


def _unpacked(named: str, scratch: Path) -> Path:
    """The folder of an archive, or of a revision of the project's repository."""
    archive, folder = Path(named), scratch / "edition"
    if not archive.is_file():
        archive = scratch / "edition.tar"
        command = ["git", "-C", str(ROOT), "archive", "--format=tar", "-o", str(archive), named]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            here = "" if (ROOT / ".git").exists() else " (and this folder is under none)"
            raise BadTable([f"OLD={named} is not accepted; accepted: {ACCEPTED}{here}."]) from None
    try:
        shutil.unpack_archive(archive, folder, filter="data")
    except (shutil.ReadError, ValueError):
        raise BadTable([f"{named} is no archive that can be read; accepted: {ACCEPTED}."]) from None
    inside = [*folder.iterdir()]
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _chosen(folder: Path, project: Path) -> Iterator[tuple[str, str]]:
    """The parameters of an edition by name, as they are typed: the defaults of its notebooks, and
    what the edition was given instead.
    """
    notebooks = sorted((project / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    for name, parameter in parameters.available(notebooks).items():
        yield name, parameters.as_typed(parameter.default)
    if (folder / "edition.json").is_file():
        given = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
        yield from ((name, str(value)) for name, value in given.items())
    else:
        yield from re.findall(r"(?:^|,)(\w+)=([^,]*)", folder.resolve().name)
