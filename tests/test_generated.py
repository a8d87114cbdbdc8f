"""Random edits of every typed table are computed with or refused by name: none is a traceback."""

import csv
import random
import shutil

import pytest

from taawun import check, schemas
from taawun.ledger import Ledger
from taawun.numbers import vocabulary
from taawun.paths import HAND, RAW, TRANSLATIONS
from taawun.steps import coverage, growth, growth_entries, recount
from taawun.tables import read_cells, read_table

TABLES = sorted(path.relative_to(RAW.parent) for path in [*RAW.glob("*.csv"), *HAND.glob("*.csv")])
WORDS = ["", " ", "0", "-1", "maybe", "2025", "2025-06-30", "A03", "Q06 / 0", "9**9**9", "1e999"]
WORDS += ["\x00", "«»", "{x}", "|", "`#read`", "=1+1", "تعاونية", "é" * 99, "a,b\nc", '"', "'a'*10"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of what people typed, where all that reads it looks for it."""
    for folder in (RAW.parent, TRANSLATIONS):
        ignored = shutil.ignore_patterns("processed", "datapackage.json")
        shutil.copytree(folder, tmp_path / folder.name, ignore=ignored)
    raw, hand = tmp_path / "data" / "raw", tmp_path / "data" / "hand"
    monkeypatch.setattr(check, "TRANSLATIONS", tmp_path / "translations")
    for module, names in ((schemas, ["RAW"]), (recount, ["RAW", "HAND"]), (vocabulary, ["HAND"])):
        for name in names:
            monkeypatch.setattr(module, name, raw if name == "RAW" else hand)
    yield tmp_path
    vocabulary.clear_caches()


def edited(path, draw: random.Random) -> str:
    """The table with one thing changed: what was changed, in words."""
    columns, rows = read_cells(path)
    row, other = draw.randrange(len(rows)), draw.randrange(len(rows))
    column, beside = draw.randrange(len(columns)), draw.randrange(len(columns))
    kind = draw.choice(
        ["like another", "like another", "words", "beside", "twice", "gone", "moved"]
    )
    if kind == "like another":
        rows[row][column] = rows[other][column]
    elif kind == "words":
        rows[row][column] = draw.choice(WORDS)
    elif kind == "beside":
        rows[row][column] = rows[other][beside]
    elif kind == "twice":
        rows.insert(other, list(rows[row]))
    elif kind == "gone":
        del rows[row]
    else:
        rows[row], rows[other] = rows[other], rows[row]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    return f"{kind}, row {row + 2} and {other + 2}, {columns[column]} and {columns[beside]}"


#: Tables that no step computes with: words for people, lists, and what only a page shows.
SHOWN = {
    "breaks",
    "checklist",
    "choices",
    "entry_tests",
    "nouns",
    "population",
    "speech",
    "vocabulary",
}


def compute(hand) -> None:
    """What steps 01 to 04 compute from the tables by hand."""
    vocabulary.clear_caches()
    figures = recount.printed()
    known = Ledger.load(recount.ledger(figures))
    recount.tallies(figures, known)
    counts = growth.counts(read_table(hand / "series.csv"), known)
    growth.regions(read_table(hand / "regions.csv"), known)
    spans = read_table(hand / "paces.csv")
    _, made = growth.paces(spans, counts, known)
    growth.projection(spans, counts["stock"], 2030, {pace.id: pace for pace in made})
    growth_entries.flows(read_table(hand / "flows.csv"), known)
    growth_entries.newcomers(read_table(hand / "newcomers.csv"), known)
    growth_entries.vintages(read_table(hand / "vintages.csv"), known)
    growth_entries.sectors(read_table(hand / "sectors.csv"), known)
    peers = read_table(hand / "peers.csv")
    growth_entries.quotients(peers, "members", "counted", "members_per_coop", "", known)
    findings = read_table(hand / "findings.csv")
    for topic in findings["topic"].unique():
        growth_entries.findings(findings, topic, known)
    coverage.measures(read_table(hand / "programmes.csv"), known)
    coverage.comparisons(read_table(hand / "comparisons.csv"), known)
    coverage.costs(read_table(hand / "costs.csv"), known)
    coverage.ratios(read_table(hand / "ratios.csv"), known)


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
@pytest.mark.parametrize("edits", [5, pytest.param(60, marks=pytest.mark.exhaustive)])
def test_an_edit_is_computed_with_or_refused_by_name(project, table, edits):
    path = project / "data" / table
    typed = path.read_bytes()
    for seed in range(edits):
        path.write_bytes(typed)
        changed = edited(path, random.Random(f"{table} {seed}"))
        problems = check.project_faults()
        if problems or table.stem in SHOWN:
            assert all(".csv" in problem for problem in problems), changed
            continue
        fault = None
        try:
            compute(project / "data" / "hand")
        except Exception as error:
            fault = error
        refused = isinstance(fault, ValueError) and ".csv" in str(fault)
        assert fault is None or refused, f"{table}: {changed}: {fault!r}"
