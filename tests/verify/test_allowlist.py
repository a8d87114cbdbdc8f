"""Which numerals need no entry of the ledger, and which do."""

import pytest

from taawun.build.graph import notebooks
from taawun.verify import allowlist as numerals


@pytest.mark.parametrize(
    "text",
    [
        "in 2020",
        "since December 2020",
        "25 July and 19 December 2025",
        "2021-12-31",
        "law 112-12",
        "Order 1369.16",
        "Figure 2",
        "between 2021 and 2025",
        "CC BY 4.0",
        "1. Publish",
        "../data/processed/01-figures.csv",
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


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: path.stem)
def test_name_of_a_page_is_accepted(notebook):
    number, name = notebook.stem.split("-", 1)
    assert not numerals.numerals(numerals.take_out(f"see {number} {name}.", "en")[0])
    assert numerals.numerals(numerals.take_out(f"see {number} others.", "en")[0]) == [number]
