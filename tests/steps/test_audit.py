"""Step 02: the checks find what the documents contradict, and nothing else."""

import pandas as pd
import pytest

from taawun import quantity
from taawun.paths import ROOT
from taawun.quantity import Quantity
from taawun.steps import audit

EXPECTED = pd.read_csv(ROOT / "tests" / "expected" / "checks.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def checks(figures, known, read):
    return audit.compare(audit.pairs(read("checks"), figures), known)[0].set_index("check_id")


@pytest.mark.parametrize(
    ("check_id", "verdict"), list(EXPECTED[["check_id", "verdict"]].itertuples(index=False))
)
def test_verdict(checks, check_id, verdict):
    assert checks.loc[check_id, "verdict"] == verdict


def test_every_check_by_hand_has_an_expected_verdict(read):
    assert set(EXPECTED["check_id"]) >= set(read("checks")["check_id"])


def test_no_conflict_that_nobody_expects(checks):
    assert set(checks.index[checks["verdict"] == "conflict"]) == set(
        EXPECTED.loc[EXPECTED["verdict"] == "conflict", "check_id"]
    )


@pytest.mark.parametrize(
    ("figure", "words", "verdict"),
    [("Q03", "267.953 امرأة", "agree"), ("Q03", "207.953 امرأة", "conflict")],
)
def test_a_changed_digit_changes_the_verdict(as_ledger, cleaned, read, figure, words, verdict):
    known = as_ledger(cleaned(changes={figure: {"as_printed": words}}))
    row = read("checks").query("check_id == 'speech_women_share_778'")
    assert audit.compare(row, known)[0]["verdict"].item() == verdict


def test_same_quantity_pairs_only_other_witnesses(figures):
    pairs = audit.same_quantity(figures)
    witness = figures.set_index("figure_id")["witness"]
    assert len(pairs)
    assert all(witness[row.left] != witness[row.right] for row in pairs.itertuples())


def test_reprint_differs_from_what_it_reprints(figures):
    pairs = audit.reprints(figures)
    assert ("B13", "B12") in set(zip(pairs["left"], pairs["right"], strict=True))


def test_of_two_checks_with_the_same_sides_the_one_by_hand_is_kept(figures, read):
    by_hand = read("checks")
    pairs = audit.pairs(by_hand, figures)
    assert list(pairs["check_id"][: len(by_hand)]) == list(by_hand["check_id"])
    assert not pairs.duplicated(["left", "right"]).any()
    found = pd.concat([audit.same_quantity(figures), audit.reprints(figures)])
    assert len(by_hand) < len(pairs) < len(by_hand) + len(found)


def test_every_check_has_one_verdict_that_is_counted(checks):
    tally = {q.id: q for q in audit.tally(checks)}
    assert list(tally) == ["checks_agree", "checks_conflict", "checks_cannot"]
    assert sum(q.value for q in tally.values()) == len(checks)
    assert tally["checks_conflict"].value == (EXPECTED["verdict"] == "conflict").sum()
    assert tally["checks_cannot"].unit == "checks"


def test_unpublished_side_cannot_be_told(as_ledger, cleaned, read):
    known = as_ledger(cleaned("2025-12-31"))
    verdicts = audit.compare(read("checks"), known)[0].set_index("check_id")
    assert verdicts.loc["speech_members_is_june", "verdict"] == "cannot tell"
    assert not verdicts.loc["speech_members_is_june", "published"]
    assert verdicts.loc["stock_2021", "verdict"] == "conflict"


def test_formula_of_unknown_figure_names_the_check(known):
    row = pd.DataFrame(
        [
            {
                "check_id": "odd",
                "kind": "same",
                "question": "?",
                "left": "A03",
                "right": "Z99 + 1",
                "comparable": "yes",
                "note": "",
            }
        ]
    )
    with pytest.raises(
        ValueError, match=r"checks.csv, odd, column right: cannot compute «Z99 \+ 1»"
    ):
        audit.compare(row, known)


def test_sides_of_two_units_name_the_check(known):
    row = pd.DataFrame(
        [
            {
                "check_id": "odd",
                "kind": "same",
                "question": "?",
                "left": "A03",
                "right": "A05",
                "comparable": "yes",
                "note": "",
            }
        ]
    )
    with pytest.raises(ValueError, match=r"odd: the two sides cannot be compared.*counted_as"):
        audit.compare(row, known)


def test_series_rest_on_no_disputed_figure_without_a_reason(checks, read, known):
    published, used = checks.reset_index(), set(read("series")["figure_id"])
    assert audit.unsettled(published, read("choices"), used, known) == []
    assert "D39" in audit.unsettled(published, read("choices").query("used != 'D39'"), used, known)


def test_choices_name_figures_that_exist(known, read):
    ids = {
        id
        for column in ("used", "not_used")
        for cell in read("choices")[column]
        for id in cell.split()
    }
    assert all(figure_id in known for figure_id in ids)


def test_questions_hold_no_figure(read):
    """A number in a question would be a number without a source; years, dates and edition numbers
    are not figures.
    """
    text = read("checks")["question"].str.replace(
        r"editions? [\d-]+( and \d+)?|editions [\d-]+|\b(19|20)\d\d\b(-(19|20)\d\d)?",
        "",
        regex=True,
    )
    assert not text.str.contains(r"\d").any(), text[text.str.contains(r"\d")].tolist()


def test_agree_uses_bounds():
    exact, hedged = Quantity(63445, 63445, 63445), Quantity(63445, 63444, 63445, qualifier="nearly")
    assert quantity.agree(exact, hedged) == "agree"
    assert quantity.agree(Quantity(63446, 63446, 63446), hedged) == "conflict"
