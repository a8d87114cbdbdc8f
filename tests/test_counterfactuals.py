"""Words follow the numbers: a printed figure is moved so that a sentence no longer holds, and in
every language the sentence changes or vanishes.
"""

import shutil
import subprocess
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from taawun.build import graph
from taawun.formula import below, evaluate, needs
from taawun.ledger import Ledger
from taawun.locales import SOURCE, TRANSLATED
from taawun.paths import PROCESSED, ROOT
from taawun.report.claims import stating
from taawun.report.prose import Prose
from taawun.report.template import fields, worded
from taawun.report.translation import translate
from taawun.tables import read_rows
from taawun.units import PERCENT
from taawun.verify import claims
from taawun.verify.html import Page
from taawun.verify.recompute import ledgers, recomputed, results

ROWS = ledgers(PROCESSED)
FORMULAS = {name: row["formula"] for name, row in ROWS.items()}
BASE = recomputed(PROCESSED).quantities
SPOKEN = "05-brief"
#: A figure is moved to these multiples of itself, the nearest first.
FACTORS = (0.9, 1.1, 0.5, 2, 0.1, 10, 0.001, 1000)
CLAIMS = [claim for path in graph.notebooks() for claim in claims.claims(path, BASE)]
BY_CONDITION = [(claim, name) for claim in CLAIMS for name in (*claim.conditions, *claim.choices)]


def moved(names, leaf, factor):
    """The quantities below some names once a printed figure is a multiple of what it is."""
    needed = set().union(*(below(FORMULAS, name) for name in names))
    figure = BASE[leaf]
    ends = {end: getattr(figure, end) * factor for end in ("value", "low", "high")}
    known = {name: BASE[name] for name in needed if not FORMULAS[name]}
    known[leaf] = replace(figure, **ends)
    rows = {name: ROWS[name] for name in needed if FORMULAS[name]}
    return results(rows, known)[0]


def leaves(names):
    parts = set().union(*(below(FORMULAS, name) for name in names))
    return sorted(part for part in parts if not FORMULAS[part])


def counterfactual(claim, condition):
    """A figure, its multiple and the quantities with which the condition of a claim fails."""
    (field, *_) = [
        field
        for field in fields(claim.template)
        if condition in (field.name, f"{field.name}:{field.form}")
    ]
    word = field.printed(field.quantity(BASE), SOURCE, str)
    for leaf in leaves(field.names):
        for factor in (*FACTORS, closing(field, leaf)):
            found = moved(claim.names, leaf, factor)
            if set(claim.names) <= set(found):
                turned = field.is_choice and chosen(field, found) not in ("", word)
                if turned or not field.holds(found):
                    return leaf, factor, found
    return None


def closing(field, leaf):
    """The multiple of a figure with which the two sides of a comparison come out the same, if they
    move in proportion to it.
    """
    now, then = (field.quantity(moved(field.names, leaf, factor)).value for factor in (1, 1.01))
    return 1 - 0.01 * now / (then - now) if then != now else 1


def chosen(field, found):
    try:
        return field.printed(field.quantity(found), SOURCE, str)
    except ValueError:  # zero is possible, and no word for it
        return ""


def spoken(claim):
    return (SOURCE, *TRANSLATED) if claim.step == SPOKEN else (SOURCE,)


@pytest.mark.parametrize(
    ("claim", "condition"), BY_CONDITION, ids=[f"{c.id}-{name}" for c, name in BY_CONDITION]
)
def test_a_sentence_changes_or_vanishes_where_its_condition_fails(claim, condition):
    found = counterfactual(claim, condition)
    assert found, f"no printed figure under «{condition}» can make it fail"
    leaf, factor, quantities = found
    for language in spoken(claim):
        before = str(Prose(Ledger(BASE), language=language)(claim.template))
        assert before
        assert "⟦" not in before
        after = str(Prose(Ledger(quantities), language=language)(claim.template))
        if condition in claim.conditions:
            assert after == "", f"{leaf} x {factor}"
        else:
            assert after != before


def test_every_claim_can_be_made_to_fail(capsys):
    turned = sum(
        all(counterfactual(claim, name) for name in (*claim.conditions, *claim.choices))
        for claim in CLAIMS
    )
    with capsys.disabled():
        print(f" {turned} of {len(CLAIMS)} claims turn or vanish ({100 * turned / len(CLAIMS):g}%)")
    assert turned == len(CLAIMS) > 30


def test_every_claim_of_the_published_edition_holds():
    assert [claim.id for claim in CLAIMS if not claim.holds] == []


def test_no_notebook_states_a_word_without_a_condition():
    assert [fault for path in graph.notebooks() for fault in claims.faults(path)] == []


def test_with_more_womens_cooperatives_no_language_says_that_their_share_fell():
    """7,891 read as 17,891: all that the brief says under a condition and in other words."""
    changed = moved(FORMULAS, "register_womens_coops_2025_06", 17_891 / 7_891)
    assert changed["womens_coops_share_202506"].value > 28
    brief = next(path for path in graph.notebooks() if path.stem == SPOKEN)
    said = [
        claim.template
        for claim in claims.claims(brief, changed)
        if claim.holds and "womens_coops" in " ".join(claim.names)
    ]
    for language, fallen in (
        ("en", {"fell", "shrinking"}),
        ("fr", {"recule", "reculé", "décroissante"}),
        ("ar", {"تراجع", "وتراجعت", "تراجعت"}),
    ):
        words = [stating(translate(worded(text), language), language) for text in said]
        assert not fallen & set().union(*words)


def test_each_share_that_is_drawn_is_a_condition_of_the_title():
    (title,) = [claim for claim in CLAIMS if claim.template.startswith("No programme is known")]
    rows = [row for row in read_rows(PROCESSED / "04-coverage.csv") if row["coverage"]]
    drawn = [row["coverage"] for row in rows if row["kind"] == "outcome"]
    assert set(title.names) == set(drawn)


def test_each_share_that_is_drawn_is_told_in_its_place_between_the_two_ends():
    (told,) = [claim for claim in CLAIMS if claim.template.startswith("From the largest share")]
    rows = [row for row in read_rows(PROCESSED / "04-coverage.csv") if row["coverage"]]
    widest = {}
    for row in rows:
        if row["kind"] == "outcome":
            one, other = row["coverage"], widest.setdefault(row["programme"], row["coverage"])
            widest[row["programme"]] = max(one, other, key=lambda name: BASE[name].value)
    assert set(widest.values()) <= set(told.names)
    order = [field.name for field in fields(told.template) if field.states]
    assert order == sorted(widest.values(), key=lambda name: -BASE[name].value)


def test_no_condition_sets_a_number_in_per_cent_beside_a_fraction():
    for claim, condition in BY_CONDITION:
        for field in fields(claim.template):
            if field.name != condition or not field.is_condition:
                continue
            plain = [evaluate(side, {}).value for side in field.sides[::2] if not needs(side)]
            in_percent = field.quantity(BASE).unit == PERCENT
            assert not (in_percent and any(0 < number <= 1 for number in plain)), condition


def test_a_claim_that_does_not_hold_is_found_on_a_page(tmp_path):
    page = tmp_path / "05-brief.en.html"
    page.write_text("<html lang='en'><body><p>The register shrinks and ends.", encoding="utf-8")
    row = {
        "template": "**The register** shrinks and ends.{a < b:if}",
        "conditions": ("a < b",),
        "holds": False,
    }
    problems = claims.strays([row], [claims.Text.of(Page(page, {}, {}))])
    assert problems == [
        "05-brief.en.html: «shrinks and ends.» stands there, and not all holds of a < b"
    ]
    assert claims.strays([row | {"holds": True}], [claims.Text.of(Page(page, {}, {}))]) == []


@pytest.mark.slow
def test_a_build_with_more_womens_cooperatives_says_nowhere_that_their_share_fell(tmp_path):
    place = tmp_path / "project"
    made = {".git", ".venv", "build", "reports"}
    shutil.copytree(
        ROOT, place, ignore=lambda folder, _: made if folder == str(ROOT) else (), symlinks=True
    )
    figures = place / "data" / "raw" / "figures.csv"
    text = figures.read_text(encoding="utf-8")
    row = 'Q08,albalad-2025-10,"7,891 تعاونية"'
    assert text.count(row) == 1
    changed = text.replace(row, "Q08,albalad-2025-10,17.891 تعاونية")
    figures.write_text(changed, encoding="utf-8")
    made = subprocess.run(["make", "report"], cwd=place, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    for language, (share, *fallen) in {
        "en": ("28.2%", "shrinking", "cooperatives fell"),
        "fr": ("28,2", "décroissante", "féminines est passée"),
        "ar": ("28,2%", "النسائية في تراجع", "وتراجعت حصة"),
    }.items():
        page = place / "reports" / f"05-brief.{language}.html"
        said = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        text = " ".join(said.select_one("body").get_text(" ").split())
        assert share in text
        assert not [words for words in fallen if words in text]
