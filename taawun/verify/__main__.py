"""`python -m taawun.verify [--reports DIR] [--out DIR] [--as-of DAY]`: account for every number of
the built briefs; exit 1 if one cannot be.

Reads `data/raw`, `data/hand`, the tables in `data/processed` (or where TAAWUN_PROCESSED says) and
the briefs; writes `verification.json`, `verification.html` and `in-text-numbers.csv`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import Any

import jinja2

from taawun.export.html import looks
from taawun.formula import below
from taawun.paths import PROCESSED, RAW, ROOT
from taawun.periods import dated
from taawun.tables import BadTable, write_table
from taawun.verify import claims, intext, pdf, repository, usage
from taawun.verify.allowlist import accepted
from taawun.verify.html import Findings, Page, measured
from taawun.verify.recompute import Recomputed, recomputed

BRIEFS = "[0-9][0-9]-*.*.html"
#: So many rows of a table stand in the page.
ROWS = 1000


def verify(reports: Path, processed: Path = PROCESSED, as_of: str = "") -> dict[str, Any]:
    """Everything that was looked at; no `problems` if all is well."""
    again = recomputed(processed, as_of)
    pages, papers, findings = read_briefs(reports, again)
    said, unfounded = claims.table(again.quantities)
    problems = [*again.problems, *(problem for found in findings for problem in found.problems)]
    texts = [*map(claims.Text.of, pages), *(claims.Text(*told) for told in pdf.texts(papers))]
    problems += unfounded + claims.strays(said, texts)
    problems += claims.notes(said, pages, again.quantities)
    shown = {name for page in pages for name in page.entries}
    used = usage.figures(again.figures, again.rows, processed, shown)
    languages = dict.fromkeys(page.language for page in pages)
    return {
        "accounted_for": not problems,
        "problems": problems,
        "briefs": [asdict(found) for found in findings],
        "accepted_numerals": [
            {
                "language": language,
                "kind": kind.name,
                "reason": kind.reason,
                "pattern": kind.pattern.pattern,
            }
            for language in languages
            for kind in accepted(language)
        ],
        "ledger": _entries(again),
        "claims": said,
        "figures": used,
        "sources": usage.sources(used),
        "checklists": repository.answers(),
        "in_text": intext.numbers(pages, papers, again.rows),
    }


def read_briefs(
    reports: Path, again: Recomputed
) -> tuple[list[Page], list[pdf.Paper], list[Findings]]:
    """Each brief as a page and as a PDF, and what was found in them. BadTable if there is none."""
    raw = {row["name"]: row for row in again.figures}
    pages, papers, findings = [], [], []
    for path in sorted(reports.glob(BRIEFS)):
        page = Page(path, again.quantities, raw)
        pages.append(page)
        findings.append(page.read())
        if path.with_suffix(".pdf").exists():
            papers.append(pdf.Paper(path.with_suffix(".pdf")))
            findings.append(pdf.compare(papers[-1], page))
    if not pages:
        raise BadTable([f"{reports.name}: there is no {BRIEFS} to verify; run make report first"])
    return pages, papers, findings


def summary(result: Mapping[str, Any]) -> list[str]:
    """The result in a few lines for people."""
    ledger, figures, sources = (result[name] for name in ("ledger", "figures", "sources"))
    names = {figure["name"] for figure in figures}
    printed = sum(entry["id"] in names for entry in ledger)
    lines = [f"Ledger: {len(ledger)} entries reckoned again, {printed} of them from printed words."]
    for brief in result["briefs"]:
        numbers, orphans = brief["numbers"], f"{len(brief['orphans'])} orphans."
        entries = len({number["id"] for number in numbers})
        counted = f"{len(numbers)} numbers of {entries} entries, " if numbers else ""
        lines.append(f"{brief['name']}: {counted}{orphans}")
    used = sum(figure["used"] for figure in figures)
    publications = sum(source["used"] > 0 for source in sources)
    answers = Counter(item["answer"] for item in result["checklists"])
    standing = sum(claim["holds"] is True for claim in result["claims"])
    return [
        *lines,
        f"Claims: {len(result['claims'])} with a condition or a chosen word, {standing} of them "
        f"hold; the others are not said.",
        f"Figures: {used} of {len(figures)} used, publications: {publications} of "
        f"{len(sources)}; the others are listed with the reason.",
        f"Checklists: {answers['yes']} yes, {answers['no']} no, {answers['person']} for a person.",
    ]


def write(result: Mapping[str, Any], out: Path) -> None:
    """`verification.html`, what programs ask of it as `verification.json`, and the numbers of the
    text one by one as `in-text-numbers.csv`; the ledger itself is in the tables.
    """
    out.mkdir(parents=True, exist_ok=True)
    write_table(result["in_text"], out / "in-text-numbers.csv")
    results = [row for row in result["ledger"] if row["formula"]]
    given = {name: part for name, part in result.items() if name not in ("figures", "in_text")}
    told = _plain(given | {"ledger": results}) | {"figures": result["figures"]}
    kept = {name: part for name, part in told.items() if name not in ("ledger", "figures")}
    kept["briefs"] = [brief | {"numbers": len(brief["numbers"])} for brief in told["briefs"]]
    kept["unused"] = {row["name"]: row["reason"] for row in told["figures"] if not row["used"]}
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    source = Path(__file__).with_name("verification.html").read_text(encoding="utf-8")
    ledgers = {row["file"] for row in told["ledger"]}
    tables = {
        path.name: Path(os.path.relpath(path, out)).as_posix()
        for path in (RAW / "figures.csv", RAW / "sources.csv", *(PROCESSED / n for n in ledgers))
    }
    page = environment.from_string(source).render(
        told, said=summary(result), most=ROWS, tables=dict(sorted(tables.items()))
    )
    page = page.replace("/*looks*/", looks(page))
    for name, content in (("verification.json", text), ("verification.html", page)):
        (out / name).write_text(content, encoding="utf-8", newline="\n")


def _entries(again: Recomputed) -> list[dict[str, Any]]:
    """The entries of the ledger, each with the printed figures that it comes from."""
    formulas = {name: row["formula"] for name, row in again.rows.items()}
    entries = []
    for name, row in again.rows.items():
        if name in again.quantities:
            told = {
                "id": name,
                "label": dated(row["label"], row["start"], row["date"]),
                "file": row["file"],
            }
            rests = below(formulas, name) - {name} if row["formula"] else ()
            printed = sorted(part for part in rests if not formulas[part])
            made = {"formula": row["formula"], "rests_on": printed}
            entries.append(told | measured(again.quantities[name]) | made)
    return entries


def _plain(value: Any) -> Any:
    """The value in types that JSON has: twelve digits of a number, nothing for an unknown one."""
    if isinstance(value, Mapping):
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
    except ValueError as error:
        print(f"Verification stopped:\n{error}", file=sys.stderr)
        return 1
    write(result, chosen.out or chosen.reports)
    print(*summary(result), sep="\n")
    problems = result["problems"]
    if problems:
        print(f"Not accounted for ({len(problems)}):", *problems, sep="\n  ", file=sys.stderr)
        return 1
    print("Every number is accounted for.")
    return 0


if __name__ == "__main__":
    gc.disable()  # pages and papers are trees that live to the end; to look for waste is a quarter
    sys.exit(main())
