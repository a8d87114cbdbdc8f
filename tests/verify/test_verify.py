"""Does the verification find what is wrong, and do the ledger's bounds hold?"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpleeval import SimpleEval

from taawun import quantity
from taawun.formula import OPERATORS, below, order
from taawun.paths import HAND, PROCESSED, ROOT
from taawun.quantity import Quantity, constant
from taawun.tables import BadTable
from taawun.verify import allowlist as numerals
from taawun.verify import checklist, recompute
from taawun.verify.__main__ import main, reckoned, verify

REPORTS = ROOT / "reports"
FIGURES, ROWS, FOUND, PROBLEMS = reckoned(PROCESSED)
RAW = set(FIGURES.loc[FIGURES["measure"] != "text", "figure_id"])
FORMULAS = ROWS["formula"].to_dict()
BELOW = {id: below(FORMULAS, id) for id in ROWS["id"]}
PRINTED = {id: q for id, q in FOUND.items() if not FORMULAS[id]}
RESULTS = [id for id in FORMULAS if FORMULAS[id]]
IN_BRIEF = (
    set(
        re.findall(
            r'<article id="n-(\w+)"', (REPORTS / "05-brief.en.html").read_text(encoding="utf-8")
        )
    )
    if (REPORTS / "05-brief.en.html").exists()
    else set()
)


def again(changed: dict[str, Quantity]) -> dict[str, Quantity]:
    """The whole ledger reckoned anew with some printed figures replaced."""
    found, problems = recompute.results(ROWS, PRINTED | changed)
    assert not problems
    return found


def differ(one: Quantity, other: Quantity) -> bool:
    return any(
        not isclose(getattr(one, end), getattr(other, end), rel_tol=1e-12)
        for end in ("value", "low", "high")
        if one.known
    )


@pytest.fixture
def built(tmp_path):
    """A copy of the English page, to be spoilt."""
    shutil.copy(REPORTS / "05-brief.en.html", tmp_path)
    return tmp_path


def spoil(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- the ledger
# ----------------------------------------------------------------------------------------------


def test_ledger_comes_out_the_same_from_printed_words():
    assert not PROBLEMS
    assert len(FOUND) == len(ROWS)


@pytest.mark.parametrize("id", RESULTS)
def test_result_resolves_to_printed_figures(id):
    leaves = {part for part in BELOW[id] if not FORMULAS[part]}
    assert leaves
    assert leaves <= RAW


@pytest.mark.parametrize("figure", sorted(IN_BRIEF & RAW))
def test_changed_figure_changes_what_rests_on_it_and_nothing_else(figure):
    one = PRINTED[figure]
    span = abs(one.value) * 0.003
    changed = again(
        {
            figure: replace(
                one, value=one.value + span, low=one.low - span / 3, high=one.high + 2 * span
            )
        }
    )
    downstream = {id for id in ROWS["id"] if figure in BELOW[id] and FOUND[id].known}
    assert {id for id in ROWS["id"] if differ(FOUND[id], changed[id])} == downstream


def test_changed_words_change_the_same_entries(cleaned):
    """The same once from the words themselves, through step 01."""
    changed = again(
        recompute.printed(cleaned(changes={"D39": {"as_printed": "41.531 coopératives"}}))
    )
    assert {id for id in ROWS["id"] if differ(FOUND[id], changed[id])} == {
        id for id in ROWS["id"] if "D39" in BELOW[id]
    }


def point(value: float, unit: str) -> Quantity:
    return Quantity(value, value, value, unit)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_true_values_inside_the_bounds_give_true_results_inside_the_bounds(seed):
    """Every formula is reckoned with one true value for each printed figure, drawn from its bounds;
    a person's rounding and the choice of a scenario are drawn, too.
    """
    draw = random.Random(seed)

    def rounded(true, place):
        return point(true.value + draw.uniform(-place / 2, place / 2), true.unit)

    functions = {
        "percent": quantity.percent,
        "counted_as": quantity.counted_as,
        "constant": constant,
        "rounded": rounded,
        "hull": lambda *true: draw.choice(true),
    }
    true = {
        id: point(draw.choice([q.low, q.high, draw.uniform(q.low, q.high)]), q.unit)
        for id, q in PRINTED.items()
        if q.known
    }
    placed, _ = order(ROWS.loc[RESULTS, "formula"].to_dict(), PRINTED)
    for id in placed:
        if FOUND[id].known:
            true[id] = constant(
                SimpleEval(operators=OPERATORS, functions=functions, names=true).eval(FORMULAS[id])
            )
            slack = 1e-9 * max(abs(FOUND[id].low), abs(FOUND[id].high), 1e-6)
            assert FOUND[id].low - slack <= true[id].value <= FOUND[id].high + slack, id


# ---- what the verification finds
# -------------------------------------------------------------------------------


def test_present_report_is_accounted_for(tmp_path, capsys):
    assert main(["--out", str(tmp_path)]) == 0, capsys.readouterr().err
    assert "Every number is accounted for." in capsys.readouterr().out
    said = json.loads((tmp_path / "verification.json").read_text(encoding="utf-8"))
    assert said["accounted_for"]
    assert {row["figure_id"] for row in said["figures"]} == set(FIGURES["figure_id"])
    assert all(row["used"] or row["reason"] for row in said["figures"])


def test_other_surroundings_write_the_same_bytes(built):
    assert main(["--reports", str(built), "--out", str(built / "one")]) == 0
    elsewhere = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-m", "taawun.verify", "--reports", built, "--out", built / "two"],
        cwd=ROOT,
        env=elsewhere,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for file in ("verification.json", "verification.html"):
        assert (built / "one" / file).read_bytes() == (built / "two" / file).read_bytes()


@pytest.mark.parametrize(
    ("column", "broken"),
    [
        ("value", "24785,24784,24784,cooperatives"),
        ("low", "24784,24783,24784,cooperatives"),
        ("high", "24784,24784,24784.001,cooperatives"),
        ("unit", "24784,24784,24784,members"),
    ],
)
def test_tampered_ledger_is_found(built, column, broken):
    path = shutil.copytree(PROCESSED, built / "processed") / "03-ledger.csv"
    line = next(
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("stock_change,")
    )
    spoil(path, line, line.replace("24784,24784,24784,cooperatives", broken))
    problems = verify(built, path.parent)["problems"]
    assert len(problems) == 1
    assert f"03-ledger.csv: {column} of «stock_change»" in problems[0]


def test_tampered_printed_number_is_found(built):
    spoil(built / "05-brief.en.html", 'href="#n-D39">40,531<', 'href="#n-D39">41,531<')
    problems = verify(built)["problems"]
    assert any(
        "«41,531» is printed for «D39», which reckoned again is «40,531»" in problem
        for problem in problems
    )


def test_number_typed_into_a_sentence_is_found(built):
    typed = ["40,531", "17", "12.4%", "2021 cooperatives", "1999 of them", "٤٥"]
    spoil(
        built / "05-brief.en.html",
        "No trend can be claimed.",
        " ".join(f"They were {number} then." for number in typed),
    )
    problems = verify(built)["problems"]
    assert len(problems) == len(typed)
    assert all(
        f"They were {number} then." in problem and "belongs to no entry of the ledger" in problem
        for number, problem in zip(typed, problems)
    )


def test_number_typed_into_the_pdf_only_is_found(built):
    """The page without a sentence stands for a PDF with one more."""
    shutil.copy(REPORTS / "05-brief.en.pdf", built)
    spoil(
        built / "05-brief.en.html",
        "On 19 January 2026 the head of government",
        "The head of government",
    )
    problems = verify(built)["problems"]
    assert any(problem.startswith("05-brief.en.pdf") and "«19»" in problem for problem in problems)


def test_number_in_alternative_text_annex_and_link_is_found(built):
    page = built / "05-brief.en.html"
    spoil(
        page,
        'aria-label="A line rises slowly from 2,986',
        'aria-label="A line rises slowly from 3,986',
    )
    spoil(page, "<p>40.531 coopératives</p>", "<p>40.532 coopératives</p>")
    spoil(page, 'href="#n-D39">40,531<', 'href="#n-D99">40,531<')
    problems = verify(built)["problems"]
    assert all(
        any(named in problem for problem in problems)
        for named in (
            "«3,986»",
            "«40.532 coopératives» stands where",
            "«D99», which is not in the ledger",
        )
    )


def test_failure_is_told_plainly(built, capsys):
    spoil(built / "05-brief.en.html", 'href="#n-D39">40,531<', 'href="#n-D39">41,531<')
    assert main(["--reports", str(built), "--out", str(built / "out")]) == 1
    assert "41,531" in capsys.readouterr().err
    assert "41,531" in (built / "out" / "verification.html").read_text(encoding="utf-8")


def test_no_brief_and_no_ledger_are_told_plainly(tmp_path, capsys):
    assert main(["--reports", str(tmp_path)]) == 1
    assert "make report" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "in 2020",
        "since December 2020",
        "25 July and 19 December 2025",
        "2021-12-31",
        "law 112-12",
        "Figure 2",
        "between 2021 and 2025",
        "CC BY 4.0",
        "1. Publish",
    ],
)
def test_accepted_numerals(text):
    assert not numerals.numerals(numerals.take_out(text, "en")[0])


@pytest.mark.parametrize(
    "text",
    [
        "63,445 cooperatives",
        "in 2020 cooperatives",
        "34%",
        "2020 of them",
        "more than 2020 were",
        "12 regions",
        "1.5 million",
        "up to 200",
    ],
)
def test_refused_numerals(text):
    assert numerals.numerals(numerals.take_out(text, "en")[0])


# ---- checklists
# ------------------------------------------------------------------------------------------------


def test_checklists_are_answered_with_facts():
    answers = checklist.answers()
    assert {"NHS RAP", "AEA Data Editor", "World Bank"} == set(answers["list"])
    assert {
        "Baseline",
        "Silver",
        "Gold",
    } <= set(answers["level"])
    assert (answers["fact"].str.len() > 10).all()
    assert not answers[answers["answer"] == "no"][["item", "fact"]].values.tolist()


def test_unknown_check_is_refused(monkeypatch):
    table = checklist.read_table(HAND / "checklist.csv").assign(check="whatever")
    monkeypatch.setattr(checklist, "read_table", lambda path: table)
    with pytest.raises(BadTable, match="row 2 .*no check «whatever».*nothing_by_hand"):
        checklist.answers()
