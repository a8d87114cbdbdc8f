"""Step 01: one row a printed figure, with the quantity that was read; what cannot be read, or is in
another unit than its indicator, stops the step and is named.
"""

import json
from functools import cache

import pandas as pd
import pytest

from taawun import periods, tables
from taawun.numbers import parse_figure
from taawun.paths import HAND, RAW, ROOT
from taawun.steps import clean


@cache
def table(name: str) -> pd.DataFrame:
    return tables.read_table(ROOT / name)


def raw() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return tuple(
        table(f"data/{name}.csv").copy()
        for name in ("raw/figures", "raw/sources", "hand/indicators", "hand/readings")
    )


def test_every_published_figure_reads_as_the_back_test_says():
    """All rows of `tests/expected/figures.csv`, which people transcribed from the sources, against
    the words as printed.
    """
    figures, sources, indicators, readings = (frame.set_index(frame.columns[0]) for frame in raw())
    expected = table("tests/expected/figures.csv").set_index("figure_id")
    numbers = figures[figures["indicator"].map(indicators["measure"]) != "text"]
    assert set(expected.index) == set(numbers.index)
    assert len(expected) > 350
    wrong = []
    for id, row in expected.iterrows():
        printed = readings["read_as"].get(id) or figures.at[id, "as_printed"]
        try:
            mean = "/" in indicators.at[figures.at[id, "indicator"], "unit"]
            read = parse_figure(printed, sources.at[figures.at[id, "source_id"], "language"], mean)
            got = (read.value, read.unit, read.qualifier)
        except ValueError as error:
            got = error
        if got != (float(row["value"]), row["unit"], row["qualifier"]):
            wrong.append(
                f"{id} «{printed}»: {got}, expected {row['value']} {row['unit']} {row['qualifier']}"
            )
    assert not wrong, "\n".join(wrong)


def test_a_reading_belongs_to_a_figure_and_has_a_reason():
    figures, _, _, readings = raw()
    assert set(readings["figure_id"]) <= set(figures["figure_id"])
    assert readings["figure_id"].is_unique
    assert (readings["reason"].str.len() > 10).all()


def test_figures_have_one_row_each_with_bounds_witness_and_unit_of_their_indicator():
    figures, sources, indicators, readings = raw()
    read = clean.figures(figures, sources, indicators, readings, "2026-11-23")
    assert list(read["figure_id"]) == list(figures["figure_id"])
    known = read[read["measure"] != "text"]
    assert known["value"].notna().all()
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()
    assert (
        known["unit"] == known["indicator"].map(indicators.set_index("indicator")["unit"])
    ).all()
    reprint = read[read["repeats"] != ""].iloc[0]
    assert reprint["witness"] == reprint["repeats"]
    original = read[read["repeats"] == ""].iloc[0]
    assert original["witness"] == original["source_id"]


def test_a_figure_published_later_than_as_of_has_no_value_yet():
    figures, sources, indicators, readings = raw()
    read = clean.figures(figures, sources, indicators, readings, "2020-12-31").set_index(
        "figure_id"
    )
    assert pd.isna(read.at["A03", "value"])
    assert pd.isna(read.at["A03", "low"])
    assert pd.isna(read.at["A03", "high"])
    early = read["public"] & (read["measure"] != "text")
    assert early.any()
    assert read.loc[early, "value"].notna().all()
    assert read.loc[~early, "value"].isna().all()
    assert {
        periods.day(date) <= periods.day("2020-12-31")
        for date in read.loc[early, "published"]
        if date
    } == {True}


def test_all_unreadable_rows_of_a_file_are_reported_at_once_with_file_row_column_and_words():
    figures, sources, indicators, readings = raw()
    figures.loc[figures["figure_id"] == "A04", "as_printed"] = "beaucoup"
    figures.loc[figures["figure_id"] == "A05", "as_printed"] = "6,3445E+04"
    with pytest.raises(tables.BadTable) as bad:
        clean.figures(figures, sources, indicators, readings, "2026-11-23")
    assert len(bad.value.problems) == 2
    for problem, id, words in zip(
        bad.value.problems, ["A04", "A05"], ["beaucoup", "6,3445E+04"], strict=True
    ):
        row = list(figures["figure_id"]).index(id) + 2
        assert problem.startswith(
            f"data/raw/figures.csv, row {row} ({id}), column as_printed: cannot read «{words}»"
        )
        assert "accepted: " in problem


@pytest.mark.parametrize(
    ("id", "printed", "reads_as"),
    [
        ("A04", "34 %", "percent"),
        ("A04", "368 مليون درهم", "MAD"),
        ("A01", "63.445", "count"),
        ("A01", "25 يورو", "EUR"),
    ],
)
def test_a_printed_unit_that_contradicts_the_indicator_is_refused(id, printed, reads_as):
    figures, sources, indicators, readings = raw()
    unit = indicators.set_index("indicator")["unit"][
        figures.set_index("figure_id").at[id, "indicator"]
    ]
    figures.loc[figures["figure_id"] == id, "as_printed"] = printed
    with pytest.raises(
        tables.BadTable,
        match=rf"\({id}\), column as_printed: .*{printed}.* reads as {reads_as}, but .* is "
        rf"counted in {unit}",
    ):
        clean.figures(figures, sources, indicators, readings, "2026-11-23")


@pytest.mark.parametrize("printed", ["140%", "أكثر من 100%", "بين 90% و110%"])
def test_a_share_of_more_than_all_is_refused(printed):
    figures, sources, indicators, readings = raw()
    figures.loc[figures["figure_id"] == "A06", "as_printed"] = printed
    with pytest.raises(tables.BadTable, match=r"\(A06\).*: it is more than all, .* 100%"):
        clean.figures(figures, sources, indicators, readings, "2026-11-23")


def test_a_share_may_be_all_and_a_change_more():
    figures, sources, indicators, readings = raw()
    figures.loc[figures["figure_id"] == "A06", "as_printed"] = "100%"
    read = clean.figures(figures, sources, indicators, readings, "2026-11-23")
    assert read.set_index("figure_id")["value"][["A06", "R068"]].tolist() == [100, 160.8]


def test_the_ledger_of_step_01_holds_every_number_once():
    figures, sources, indicators, readings = raw()
    read = clean.figures(figures, sources, indicators, readings, "2026-11-23")
    names = tables.read_table(HAND / "names.csv")
    ledger = clean.ledger(read, names)
    assert list(ledger["figure_id"]) == list(read.loc[read["measure"] != "text", "figure_id"])
    named = dict(zip(names["figure_id"], names["name"], strict=True))
    assert list(ledger["id"]) == [named.get(id, id) for id in ledger["figure_id"]]
    assert set(names["name"]) < set(ledger["id"])
    assert ledger["id"].is_unique
    assert (ledger["step"] == "01").all()
    assert (ledger["formula"] == "").all()
    assert (ledger["inputs"] == "").all()
    assert (
        ledger["date"].to_numpy() == read.loc[read["measure"] != "text", "period_end"].to_numpy()
    ).all()


def test_raw_tables_hold_no_parsed_value():
    assert not {"value", "low", "high", "unit", "qualifier"} & set(
        pd.read_csv(RAW / "figures.csv", nrows=1).columns
    )


def test_the_words_that_were_passed_over_are_listed_by_figure(figures):
    passed_over = clean.not_understood(figures).set_index("figure_id")
    assert "A02" not in passed_over.index  # it holds no number
    assert "A11" not in passed_over.index  # every word of it is known
    assert tuple(passed_over.loc["A03"]) == ("ar", "قرابة 63.445 تعاونية", 1, "تعاونية")
    assert passed_over.at["Q92", "which"] == "coopératives nouvellement créées"
    assert (passed_over["unknown"] == passed_over["which"].str.split().str.len()).all()


def test_no_word_that_was_passed_over_is_a_word_of_the_tables(figures):
    known = {(row["language"], row["words"]) for row in tables.read_rows(HAND / "words.csv")}
    passed_over = {
        (row.language, word)
        for row in clean.not_understood(figures).itertuples()
        for word in row.which.lower().split()
    }
    assert len(passed_over) > 100
    assert not passed_over & known


def test_a_census_figure_may_be_printed_twice_and_in_other_words():
    """The cells of 01 with one row more: the population again, in round numbers."""
    path = ROOT / "notebooks" / "01-clean.ipynb"
    space: dict = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] != "code" or "write_table" in code:
            continue
        exec(code, space)
        if "raw = " in code:
            nation = space["raw"].query("figure_id == 'P13'")
            again = nation.assign(
                figure_id="N02",
                source_id="thenews-2026-01",
                as_printed="36.8 million",
                period_end="2024-09",
            )
            space["raw"] = pd.concat([space["raw"], again], ignore_index=True)
    both = space["both"].set_index("figure_id")
    assert both.loc["N02", "table"] == both.loc["P13", "value"] != both.loc["N02", "value"]
    assert both["same"].all()


def test_a_reprint_of_a_reprint_is_of_the_first_witness():
    figures, sources, indicators, readings = raw()
    sources.loc[sources["source_id"] == "thenews-2026-01", "repeats"] = "hnews-2026-01"
    read = clean.figures(figures, sources, indicators, readings, "2026-03-31")
    witness = read.set_index("figure_id")["witness"]
    assert witness["B11"] == witness["B09"] == witness["B07"] == "atlasinfo-2026-01-19"


@pytest.mark.parametrize(
    ("as_of", "last"), [("2026-03-31", "2026-03-31"), ("2005-06-30", "2004-12-31")]
)
def test_the_ledger_says_how_many_publications_were_read_and_up_to_which_day(cleaned, as_of, last):
    raw_figures, sources, *_ = raw()
    dated = sources["published"].where(sources["published"] != "", sources["accessed"])
    public = sources[[str(periods.day(date)) <= as_of for date in dated]]
    read = len(set(public["source_id"]) & set(raw_figures["source_id"]))
    assert read == 1 or as_of > "2006", "one publication was out in 2005"
    found = clean.reach(cleaned(as_of))
    assert (found.value, found.unit, found.date) == (read, "publications", last)


def test_a_number_without_an_address_names_those_who_print_it_with_one(cleaned):
    figures = cleaned("2026-03-31").set_index("figure_id")
    assert (figures.loc[figures["url"] != "", "also"] == "").all()
    assert "B13" in figures.loc["A01", "also"].split(), "Atlasinfo prints the 368 million"
    for name, row in figures[figures["also"] != ""].iterrows():
        for other in figures.loc[row["also"].split()].itertuples():
            assert other.url
            assert other.value == row["value"], name
            assert (other.indicator, other.entity) == (row["indicator"], row["entity"])
            assert other.published[:7] == row["published"][:7]
    # The 500 a year of the speech stand in a page of 2014, too: as a design, long before it.
    assert figures.loc["A15", "also"] == ""


def test_numbers_of_one_page_without_an_address_are_counted(cleaned):
    figures = cleaned("2026-03-31")
    found = clean.alone(figures)
    numbers = figures[figures["value"].notna() & (figures["url"] == "")]
    assert (found.value, found.unit) == (len(numbers) - (numbers["also"] != "").sum(), "figures")
    assert 5 < found.value < len(numbers)
    assert clean.alone(cleaned("2005-06-30")).value == 0
