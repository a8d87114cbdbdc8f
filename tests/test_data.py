"""What a reader of the received and the decided tables relies on."""

import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
QUALIFIERS = {"exact", "at_least", "at_most", "nearly", "about", "range"}
MEASURES = {"change", "stock", "flow", "share", "money", "event", "text"}


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


SOURCES = read(DATA / "raw" / "sources.csv").set_index("source_id", drop=False)
FIGURES = read(DATA / "raw" / "figures.csv").set_index("figure_id", drop=False)
POPULATION = read(DATA / "raw" / "population.csv").set_index("geo")
INDICATORS = read(DATA / "hand" / "indicators.csv").set_index("indicator", drop=False)
READINGS = read(DATA / "hand" / "readings.csv").set_index("figure_id")
NAMES = read(DATA / "hand" / "names.csv")
EXPECTED = read(ROOT / "tests" / "expected" / "figures.csv").set_index("figure_id")
WITH_NUMBER = FIGURES[FIGURES["indicator"].map(INDICATORS["measure"]) != "text"]


def span(published: str) -> tuple[str, str]:
    """The first and last day that a partial date can mean, as comparable strings."""
    return published + "-01-01"[len(published) - 4 :], published + "-12-31"[len(published) - 4 :]


def digits(words: str) -> str:
    return "".join(re.findall(r"\d", words))


def test_dictionary_covers_every_column_and_nothing_else():
    tables = {path.relative_to(DATA).as_posix(): path for path in sorted(DATA.rglob("*.csv"))}
    real = {
        (name, column)
        for name, path in tables.items()
        for column in pd.read_csv(path, nrows=0).columns
    }
    told = read(DATA / "dictionary.csv")
    listed = set(zip(told["table"], told["column"], strict=True))
    assert listed - real == set(), "the dictionary explains columns that do not exist"
    assert real - listed == set(), "columns without a row in data/dictionary.csv"
    assert not told.duplicated(["table", "column"]).any()
    assert (told["meaning"] != "").all()
    assert (told["missing"] != "").all()


def test_dictionary_gives_every_table_a_key_and_refers_to_columns_that_exist():
    told = read(DATA / "dictionary.csv")
    assert set(told["key"]) == {"yes", ""}
    assert set(told.loc[told["key"] == "yes", "table"]) == set(told["table"])
    stems = told["table"].str.extract(r"([^/]+)\.csv$")[0]
    assert set(told["refers_to"]) - {""} <= set(stems + "." + told["column"])


@pytest.mark.parametrize(
    "name",
    [
        "raw/sources.csv",
        "raw/figures.csv",
        "raw/population.csv",
        "hand/indicators.csv",
        "hand/readings.csv",
    ],
)
def test_column_that_is_never_missing_has_no_empty_cell(name):
    told = read(DATA / "dictionary.csv").query("table == @name and missing == 'never'")
    table = read(DATA / name)
    empty = {
        column: table.index[table[column].str.strip() == ""].tolist() for column in told["column"]
    }
    assert not {column: rows for column, rows in empty.items() if rows}


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.csv")), ids=lambda path: path.name)
def test_tables_are_utf8_with_plain_line_ends(path):
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    raw.decode("utf-8")


@pytest.mark.parametrize("table", [SOURCES, FIGURES, POPULATION, INDICATORS, READINGS, EXPECTED])
def test_keys_are_unique(table):
    assert table.index.is_unique


def test_one_row_a_publication_and_every_publication_is_used():
    assert set(FIGURES["source_id"]) | set(POPULATION["source_id"]) == set(SOURCES.index)
    known = SOURCES[SOURCES["url"] != ""]
    assert not known.duplicated(["url", "title"]).any()


@pytest.mark.parametrize("source_id", SOURCES.index[SOURCES["repeats"] != ""])
def test_reprint_leads_to_an_earlier_original_without_a_cycle(source_id):
    seen = [source_id]
    while original := SOURCES.loc[seen[-1], "repeats"]:
        assert original in SOURCES.index, f"{seen[-1]} repeats an unknown source"
        assert original not in seen, f"cycle: {[*seen, original]}"
        ours, theirs = SOURCES.loc[seen[-1], "published"], SOURCES.loc[original, "published"]
        assert not (ours and theirs) or span(theirs)[0] <= span(ours)[1], (
            f"{seen[-1]} was published before what it repeats"
        )
        seen.append(original)


def test_printed_words_are_short_and_not_empty():
    words = FIGURES["as_printed"]
    assert words[words.str.len() > 60].empty
    assert words[words.str.strip() == ""].empty


def test_raw_figures_hold_no_parsed_value():
    assert list(FIGURES.columns) == [
        "figure_id",
        "source_id",
        "as_printed",
        "indicator",
        "entity",
        "geo",
        "period_start",
        "period_end",
        "locator",
        "note",
    ]


def test_every_indicator_is_known_and_used():
    assert set(FIGURES["indicator"]) == set(INDICATORS.index)
    assert set(INDICATORS["measure"]) <= MEASURES


@pytest.mark.parametrize(("indicator", "measure"), list(INDICATORS["measure"].items()))
def test_share_is_a_percentage_and_money_has_a_currency(indicator, measure):
    unit = INDICATORS.loc[indicator, "unit"]
    assert (unit == "percent") == (measure in ("share", "change"))
    assert bool(re.fullmatch("[A-Z]{3}", unit)) == (measure == "money")


def test_article_is_complete():
    article = FIGURES[FIGURES["source_id"] == "article"]
    assert {figure_id[:3] for figure_id in article.index} == {f"A{i:02}" for i in range(1, 34)}


def test_census_rows_equal_the_population_table():
    rows = FIGURES[(FIGURES["indicator"] == "population") & (FIGURES["period_end"] == "2024-09")]
    assert rows.set_index("geo")["as_printed"].to_dict() == POPULATION["population_2024"].to_dict()
    assert FIGURES.loc["P14", "as_printed"] == POPULATION.loc["Morocco", "population_2014"]


@pytest.mark.parametrize(
    "column", [column for column in POPULATION.columns if column != "source_id"]
)
def test_regions_make_the_nation(column):
    numbers = POPULATION[column].astype(int)
    # The offices round and correct regions and nation apart: the sums may differ by a person a
    # region.
    assert abs(numbers.drop("Morocco").sum() - numbers["Morocco"]) <= 12


def test_regional_figures_name_a_region_of_the_census():
    regional = FIGURES[
        FIGURES["indicator"].isin(
            ["coops_by_region", "members_by_region", "womens_coops_by_region", "coops_region_share"]
        )
    ]
    assert set(regional["geo"]) <= set(POPULATION.index) - {"Morocco"}


def test_expected_values_and_figures_cover_each_other():
    assert set(EXPECTED.index) == set(WITH_NUMBER.index)


def test_expected_values_speak_the_parser_s_language():
    assert set(EXPECTED["qualifier"]) <= QUALIFIERS
    unit = WITH_NUMBER["indicator"].map(INDICATORS["unit"])
    parsed = unit.where(unit.str.fullmatch("percent|[A-Z]{3}"), "count")
    assert EXPECTED["unit"].to_dict() == parsed.to_dict()
    assert EXPECTED["value"].str.fullmatch(r"\d+(\.\d+)?").all()


@pytest.mark.parametrize("figure_id", FIGURES.index[FIGURES.index.str.len() > 3])
def test_split_rows_belong_to_a_figure(figure_id):
    stem = re.fullmatch(r"([A-Z]\d+)[a-z]?", figure_id)[1]
    letters = sorted(
        other[len(stem) :] for other in FIGURES.index if re.fullmatch(stem + "[a-z]?", other)
    )
    first = "" if letters[0] == "" else "a"
    assert letters == [first, *"bcdefghijklmnop"[: len(letters) - 1]]


@pytest.mark.parametrize(("figure_id", "read_as"), list(READINGS["read_as"].items()))
def test_reading_keeps_the_digits_and_changes_the_words(figure_id, read_as):
    assert figure_id in WITH_NUMBER.index
    printed = FIGURES.loc[figure_id, "as_printed"]
    assert read_as != printed
    assert digits(read_as) == digits(printed)
    assert len(READINGS.loc[figure_id, "reason"]) > 20


def test_a_readable_name_belongs_to_one_figure_and_to_no_result():
    results = {
        name for path in (DATA / "processed").glob("0[2-9]-ledger.csv") for name in read(path)["id"]
    }
    assert results
    assert NAMES["name"].is_unique
    assert NAMES["figure_id"].is_unique
    assert set(NAMES["figure_id"]) <= set(WITH_NUMBER.index)
    assert not set(NAMES["name"]) & (results | set(FIGURES.index))
    assert not NAMES["reason"].str.contains(r"\d").any()


def test_names_in_reasons_are_those_of_a_ledger():
    told = read(DATA / "dictionary.csv").query("accepts == 'reason'")
    ledgers = [read(path) for path in sorted((DATA / "processed").glob("*-ledger.csv"))]
    known = {name for ledger in ledgers for name in ledger["id"]}
    named = {
        name
        for table, column in zip(told["table"], told["column"], strict=True)
        for words in read(DATA / table)[column]
        for name in re.findall(r"\{(\w+)", words)
    }
    assert len(named) > 40
    assert named <= known


def test_no_publication_is_younger_than_the_day_up_to_which_was_searched():
    """By default the report counts what was published by its `as_of`; what is younger would be read
    and left out. Who adds such a source moves the default in notebooks/01-clean.ipynb.
    """
    notebook = (ROOT / "notebooks" / "01-clean.ipynb").read_text(encoding="utf-8")
    [as_of] = re.findall(r'as_of: str = \\"([0-9-]+)', notebook)
    dated = SOURCES["published"].where(SOURCES["published"] != "", SOURCES["accessed"])
    younger = {name: day for name, day in dated.items() if span(day)[0] > as_of}
    assert younger == {}
    assert as_of in {span(day)[1] for day in dated}


def test_every_entity_with_a_code_for_a_name_is_named_in_words():
    words = read(DATA / "hand" / "vocabulary.csv")
    entities = words[words["list"] == "entity"].set_index("word")["meaning"]
    codes = [word for word in entities.index if re.search("[/-]", word) and word != "all-firms"]
    assert len(codes) > 50
    assert [word for word in codes if not entities[word]] == []
    assert not entities.str.contains(r"\bed\d|/").any()
