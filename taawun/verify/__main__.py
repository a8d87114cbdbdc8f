"""`python -m taawun.verify [--reports DIR] [--out DIR] [--as-of DAY]`: account for every number of
the built briefs; exit 1 if one cannot be.

Reads `data/raw`, `data/hand`, the tables in `data/processed` (or where TAAWUN_PROCESSED says) and
the briefs; writes `verification.json` and `verification.html`.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from functools import cache
from math import isnan
from pathlib import Path

import jinja2
import pandas as pd

from taawun.formula import below
from taawun.paths import PROCESSED, ROOT
from taawun.quantity import Quantity
from taawun.tables import BadTable
from taawun.verify import allowlist as numerals
from taawun.verify import checklist, recompute, usage
from taawun.verify import pdf as paper
from taawun.verify.html import Page


@cache
def reckoned(
    processed: Path, as_of: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Quantity], list[str]]:
    """The printed figures read anew, the rows of the ledgers, all quantities reckoned again, and
    what does not come out the same.
    """
    figures, rows = recompute.words(as_of), recompute.ledgers(processed)
    known = recompute.printed(figures)
    found, problems = recompute.results(rows, known | recompute.tallies(figures, known))
    return figures, rows, found, problems + recompute.compare(rows, found)


def briefs(
    reports: Path, figures: pd.DataFrame, found: dict[str, Quantity]
) -> list[tuple[Page, dict]]:
    """Each brief as a page and what was found in it, and then what was found in its PDF. BadTable
    if there is none.
    """
    raw, read = figures.set_index("figure_id").to_dict("index"), []
    for path in sorted(reports.glob("05-brief.*.html")):
        page = Page(path, found, raw)
        read += [(page, page.read())]
        if path.with_suffix(".pdf").exists():
            read += [(page, paper.compare(path.with_suffix(".pdf"), page))]
    if not read:
        raise BadTable(
            [f"{reports.name}: there is no 05-brief.*.html to verify; run make report first"]
        )
    return read


def verify(reports: Path, processed: Path = PROCESSED, as_of: str = "") -> dict:
    """Everything that was looked at, as `verification.json` has it; `problems` is empty if every
    number is accounted for.
    """
    figures, rows, found, problems = reckoned(processed, as_of)
    read = briefs(reports, figures, found)
    for _, findings in read:
        problems = problems + findings.problems
    used = usage.figures(figures, rows, processed, {id for page, _ in read for id in page.entries})
    formulas = rows["formula"].to_dict()
    ledger = [_entry(row, found[row.id], formulas) for row in rows.itertuples() if row.id in found]
    languages = dict.fromkeys(page.language for page, _ in read)
    return {
        "accounted_for": not problems,
        "problems": problems,
        "briefs": [asdict(findings) for _, findings in read],
        "accepted_numerals": [
            {
                "language": language,
                "kind": kind.name,
                "reason": kind.reason,
                "pattern": kind.pattern.pattern,
            }
            for language in languages
            for kind in numerals.accepted(language)
        ],
        "ledger": ledger,
        "figures": used.to_dict("records"),
        "sources": usage.sources(used).to_dict("records"),
        "checklists": checklist.answers().to_dict("records"),
    }


def said(result: dict) -> list[str]:
    """The result in a few lines for people."""
    figures, sources, answers = (
        pd.DataFrame(result[name]) for name in ("figures", "sources", "checklists")
    )
    counts = answers["answer"].value_counts()
    printed = sum(
        not entry["formula"] and entry["file"].startswith("01") for entry in result["ledger"]
    )
    lines = [
        f"Ledger: {len(result['ledger'])} entries reckoned again, {printed} of them from "
        f"printed words."
    ]
    for brief in result["briefs"]:
        numbers = (
            f"{len(brief['numbers'])} numbers of "
            f"{len({number['id'] for number in brief['numbers']})} entries, "
            if brief["numbers"]
            else ""
        )
        lines += [f"{brief['name']}: {numbers}{len(brief['orphans'])} orphans."]
    lines += [
        f"Figures: {int(figures['used'].sum())} of {len(figures)} used, publications: "
        f"{int((sources['used'] > 0).sum())} of {len(sources)}; the others are listed with the "
        f"reason.",
        f"Checklists: {counts.get('yes', 0)} yes, {counts.get('no', 0)} no, "
        f"{counts.get('person', 0)} for a person.",
    ]
    return lines


def write(result: dict, out: Path) -> None:
    """`verification.json`, and the same for people as `verification.html`; both the same bytes for
    the same project.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / "verification.json").write_text(
        json.dumps(_plain(result), ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    template = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    ).from_string(Path(__file__).with_name("verification.html").read_text(encoding="utf-8"))
    (out / "verification.html").write_text(
        template.render(_plain(result), said=said(result)), encoding="utf-8", newline="\n"
    )


def _entry(row, quantity: Quantity, formulas: dict[str, str]) -> dict:
    """One entry of the ledger with the printed figures that it comes from."""
    rests = sorted(below(formulas, row.id) - {row.id}) if row.formula else []
    return {
        "id": row.id,
        "label": row.label,
        "file": row.file,
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
        "formula": row.formula,
        "rests_on": [id for id in rests if not formulas[id]],
    }


def _plain(value):
    """The value in types that JSON has: twelve digits of a number, nothing for one that is not
    known.
    """
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return None if isnan(value) else float(f"{value:.12g}")
    return value.item() if hasattr(value, "item") else value


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 after one sentence for each number that cannot be accounted for."""
    parser = argparse.ArgumentParser(
        prog="python -m taawun.verify", description="Account for every number of the built briefs."
    )
    parser.add_argument(
        "--reports",
        type=Path,
        default=ROOT / "reports",
        help="folder of the briefs (default: reports)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="folder for verification.json and verification.html (default: that of the briefs)",
    )
    parser.add_argument("--as-of", default="", help="the AS_OF of an experiment; an ISO date")
    chosen = parser.parse_args(arguments)
    try:
        result = verify(chosen.reports, as_of=chosen.as_of)
    except (BadTable, ValueError) as error:
        print(f"Verification stopped:\n{error}", file=sys.stderr)
        return 1
    write(result, chosen.out or chosen.reports)
    print("\n".join(said(result)))
    if result["problems"]:
        print(
            f"Not accounted for ({len(result['problems'])}):",
            *result["problems"],
            sep="\n  ",
            file=sys.stderr,
        )
        return 1
    print("Every number is accounted for.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
