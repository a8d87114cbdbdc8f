"""What people typed is checked with manners: all faults at once, each with file, row, column, words
and what would be accepted.
"""

import io
import re

import pandas as pd
import pytest

from taawun.paths import RAW
from taawun.schemas import Column, Schema, declared, faults
from taawun.tables import BadTable, read_rows

SOURCES = """\
source_id,title,publisher,published,accessed,url,archived,language,kind,repeats,rights,note
odco-2025,Register,ODCO,2025-06,2026-11-23,https://example.org,,fr,register,,open,
paper-2026,News,Paper,2026-01-19,2026-11-23,,,ar,press,odco-2025,quoted,
"""
INDICATORS = [{"indicator": "coops_stock"}, {"indicator": "coop_members"}]
COLUMNS = "figure_id,source_id,as_printed,indicator,entity,geo,period_start,period_end,locator,note"
FIGURES = f"""{COLUMNS}
A01,odco-2025,"63,445",coops_stock,all,Morocco,,2025-06-30,table 1,
A02,paper-2026,plus de 878.000 membres,coop_members,all,Morocco,2025,2025-12,para 2,
A03b,odco-2025,22.914,coops_stock,all,Morocco,2021,2025,para 3,
"""


def rows(text: str) -> list[dict[str, str]]:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False).to_dict("records")


def told(table: str, text: str, **others) -> list[str]:
    """The faults of a table of these lines, beside the project's dictionary and vocabulary."""
    data = RAW.parent
    beside = {
        "dictionary": read_rows(data / "dictionary.csv"),
        "vocabulary": read_rows(data / "hand" / "vocabulary.csv"),
        **others,
    }
    name = table.rpartition("/")[2]
    return faults(name, text.splitlines()[0].split(","), rows(text), declared(table, beside))


def blank(table: str) -> dict[str, str]:
    """A row of empty cells."""
    dictionary = read_rows(RAW.parent / "dictionary.csv")
    return {row["column"]: "" for row in dictionary if row["table"] == table}


def check(text: str) -> list[str]:
    """The faults of a figures.csv of these lines."""
    return told("raw/figures.csv", text, sources=rows(SOURCES), indicators=INDICATORS)


def source_faults(text: str) -> list[str]:
    """The faults of a sources.csv of these lines."""
    ids = [{"source_id": row.get("source_id", "")} for row in rows(text)]
    return told("raw/sources.csv", text, sources=ids)


def test_a_good_table_has_no_fault():
    assert check(FIGURES) == []
    assert source_faults(SOURCES) == []


ONE_FAULT = [
    (
        "a duplicate id",
        ("A02,", "A01,"),
        [
            "figures.csv, row 2 (A01), column figure_id: the id «A01» is used twice; accepted: ",
            "figures.csv, row 3 (A01), column figure_id: the id «A01» is used twice; accepted: ",
        ],
    ),
    (
        "an id of another form",
        ("A02,", "2a,"),
        ["row 3 (2a), column figure_id: «2a» is not accepted; accepted: an id such as A05 or G20b"],
    ),
    (
        "an unknown source",
        ("A02,paper-2026", "A02,papr-2026"),
        [
            "row 3 (A02), column source_id: «papr-2026» is not accepted; accepted: a source_id "
            "of data/raw/sources.csv"
        ],
    ),
    (
        "an unknown indicator",
        ("coop_members", "members"),
        [
            "row 3 (A02), column indicator: «members» is not accepted; accepted: an indicator "
            "of data/hand/indicators.csv"
        ],
    ),
    (
        "an impossible date",
        ("2025-06-30", "2025-02-30"),
        [
            "row 2 (A01), column period_end: «2025-02-30» is not accepted; accepted: a date "
            "such as 2025, 2025-06 or 2025-06-30"
        ],
    ),
    (
        "an impossible month",
        ("2025-12", "2025-13"),
        [
            "row 3 (A02), column period_end: «2025-13» is not accepted; accepted: a date such "
            "as 2025"
        ],
    ),
    (
        "a date turned into a number",
        ("2025-06-30", "45658"),
        ["row 2 (A01), column period_end: «45658» is not accepted; accepted: a date such as 2025"],
    ),
    (
        "a date in another order",
        ("2025-06-30", "30/06/2025"),
        [
            "row 2 (A01), column period_end: «30/06/2025» is not accepted; accepted: a date "
            "such as 2025"
        ],
    ),
    (
        "an end before the start",
        ("2021,2025,", "2025,2021,"),
        [
            "row 4 (A03b), period_start «2025», period_end «2021»: the period ends before it "
            "starts; accepted: period_start no later than period_end"
        ],
    ),
    (
        "no words",
        ('"63,445"', ""),
        ["row 2 (A01), column as_printed: «» is not accepted; accepted: some words"],
    ),
    (
        "too many words",
        ("22.914", "22.914 " + "x" * 60),
        ["row 4 (A03b), column as_printed: «22.914 x"],
    ),
]


@pytest.mark.parametrize(
    ("change", "faults"), [case[1:] for case in ONE_FAULT], ids=[case[0] for case in ONE_FAULT]
)
def test_a_fault_is_named_with_file_row_column_words_and_what_is_accepted(change, faults):
    assert FIGURES.count(change[0]) == 1
    found = check(FIGURES.replace(*change))
    assert len(found) == len(faults)
    for problem, fault in zip(found, faults, strict=True):
        assert problem.startswith("figures.csv, row ")
        assert fault in problem


@pytest.mark.parametrize("column", FIGURES.split("\n")[0].split(","))
def test_a_missing_column_is_named_alone_with_the_columns_that_are_expected(column):
    cells = pd.DataFrame(rows(FIGURES)).drop(columns=column)
    assert check(cells.to_csv(index=False)) == [
        f"figures.csv: column '{column}' is missing; the columns are "
        f"{FIGURES.splitlines()[0].replace(',', ', ')}"
    ]


def test_an_extra_column_is_named():
    found = check(
        "\n".join(
            line + (",parsed" if i == 0 else ",1") for i, line in enumerate(FIGURES.splitlines())
        )
    )
    assert len(found) == 1
    assert found[0].startswith(
        "figures.csv: column 'parsed' is not expected; the columns are figure_id, source_id"
    )


def test_all_faults_are_reported_at_once_in_the_order_of_the_rows():
    bad = (
        FIGURES.replace("2025-06-30", "45658")
        .replace("A02,paper-2026", "A02,nobody")
        .replace("coop_members", "members")
        .replace("2021,2025", "2025,2021")
        .replace(",note", ",remark")
    )
    found = check(bad)
    wanted = [
        "column 'note' is missing",
        "column 'remark' is not expected",
        "«45658»",
        "«nobody»",
        "«members»",
        "ends before it starts",
    ]
    assert len(found) == len(wanted)
    assert all(any(words in problem for problem in found) for words in wanted)
    rows = [int(match[1]) for problem in found if (match := re.search(r"row (\d+)", problem))]
    assert rows == sorted(rows) == [2, 3, 3, 4]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            ("paper-2026,News", "Paper 2026,News"),
            "column source_id: «Paper 2026» is not accepted; accepted: small letters, digits "
            "and hyphens",
        ),
        (
            (",fr,register", ",de,register"),
            "column language: «de» is not accepted; accepted: one of ar, en, es, fa, fr, tr",
        ),
        (
            (",fr,register", ",fr,blog"),
            "column kind: «blog» is not accepted; accepted: one of register, statement, agency, "
            "press, academic",
        ),
        (
            ("2025-06,", "June 2025,"),
            "column published: «June 2025» is not accepted; accepted: a date such as",
        ),
        (
            ("2025-06,2026-11-23", ","),
            "column accessed: «» is not accepted; accepted: a date such as 2025",
        ),
        (("Register", " "), "column title: « » is not accepted; accepted: some words"),
    ],
)
def test_a_fault_in_the_sources_is_named(change, fault):
    assert SOURCES.count(change[0]) == 1
    problems = source_faults(SOURCES.replace(*change))
    assert len(problems) == 1
    assert problems[0].startswith("sources.csv, row ")
    assert fault in problems[0]


def test_a_reprint_of_an_unknown_source_is_named():
    problems = source_faults(SOURCES.replace("press,odco-2025", "press,odco-2024"))
    assert problems == [
        "sources.csv, row 3 (paper-2026), column repeats: «odco-2024» is not accepted; accepted: "
        "a source_id of data/raw/sources.csv; the nearest is «odco-2025»"
    ]


@pytest.mark.parametrize("column", SOURCES.split("\n")[0].split(","))
def test_a_missing_column_of_the_sources_is_named(column):
    cells = pd.DataFrame(rows(SOURCES)).drop(columns=column)
    assert source_faults(cells.to_csv(index=False))[0].startswith(
        f"sources.csv: column '{column}' is missing"
    )


def test_an_extra_column_of_the_sources_is_named():
    problems = source_faults(
        "\n".join(
            line + (",rating" if i == 0 else ",5") for i, line in enumerate(SOURCES.splitlines())
        )
    )
    assert len(problems) == 1
    assert problems[0].startswith(
        "sources.csv: column 'rating' is not expected; the columns are source_id, title"
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            ("all,Morocco,,2025-06-30", "all,Moroco,,2025-06-30"),
            "row 2 (A01), column geo: «Moroco» is not accepted; accepted: a word of the list geo "
            "in data/hand/vocabulary.csv; the nearest is «Morocco»",
        ),
        (
            ("all,Morocco,,2025-06-30", "All,Morocco,,2025-06-30"),
            "column entity: «All» is not accepted; accepted: a word of the list entity in "
            "data/hand/vocabulary.csv; the nearest is «all»",
        ),
        (("para 2", "para 2\x00"), "column locator: it holds the control character U+0000"),
        (("para 2", " para 2"), "column locator: « para 2» begins or ends with a space"),
        (
            ("para 2", "=cmd|' /C calc'!A0"),
            "column locator: «=cmd|' /C calc'!A0» would be computed",
        ),
        (("A03b,odco-2025", "A03b,odco-2052"), "the nearest is «odco-2025»"),
    ],
)
def test_a_word_that_only_looks_right_is_named_with_the_nearest(change, fault):
    assert FIGURES.count(change[0]) == 1
    (problem,) = check(FIGURES.replace(*change))
    assert fault in problem


def test_places_can_be_joined_and_each_is_known():
    assert check(FIGURES.replace("Morocco,,2025-06-30", "Safi+Agadir,,2025-06-30")) == []
    (problem,) = check(FIGURES.replace("Morocco,,2025-06-30", "Safi+Agdir,,2025-06-30"))
    assert "«Agdir» is not accepted" in problem
    assert "the nearest is «Agadir»" in problem


def test_swapped_columns_are_told_once():
    columns = COLUMNS.replace("source_id,as_printed", "as_printed,source_id")
    assert check(FIGURES.replace(COLUMNS, columns)) == [
        "figures.csv: the cells of the columns source_id and as_printed seem to be swapped"
    ]


def test_an_empty_row_is_told_once():
    empty = "," * COLUMNS.count(",")
    assert check(FIGURES + f"{empty}\n{empty}\n") == [
        f"figures.csv, row {i} (): the row is empty; accepted: a row with words, or none"
        for i in (5, 6)
    ]


def test_a_column_that_stands_there_twice_is_named():
    doubled = "\n".join(f"{line},{line.rpartition(',')[2]}" for line in FIGURES.splitlines())
    (problem,) = check(doubled)
    assert problem.startswith("figures.csv: column 'note' stands there 2 times")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.b", "example.org", "https://a b"])
def test_an_address_is_one_of_the_web(url):
    (problem,) = source_faults(SOURCES.replace("https://example.org", url))
    assert f"column url: «{url}» is not accepted; accepted: an address that begins with" in problem


def test_what_was_published_after_it_was_read_or_read_in_the_future_is_named():
    (problem,) = source_faults(SOURCES.replace("2026-01-19,2026-11-23", "2026-12,2026-11-23"))
    assert "published «2026-12», accessed «2026-11-23»: it was read before it was" in problem
    (problem,) = source_faults(SOURCES.replace("2026-01-19,2026-11-23", "2026-01-19,2096-11-23"))
    assert "accessed «2096-11-23»: it lies in the future" in problem


def test_rows_with_one_key_of_several_columns_are_named():
    series = "series,date,figure_id,dating,reason\n" + "stock,2025-06-30,A01,printed,\n" * 2
    found = told("hand/series.csv", series, figures=[{"figure_id": "A01"}])
    assert found == [
        f"series.csv, row {i} (stock), series «stock», date «2025-06-30»: they are used twice; "
        f"accepted: one that no other row has"
        for i in (2, 3)
    ]


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("A01", ""),
        ("percent(A01 / A02) + 1", ""),
        ("A01 +", "«A01 +» is no formula"),
        ("", "«» is no formula"),
        ("A01 / A99", "«A99» is no figure"),
        ("__import__('os')", "«__import__('os')» is no part of one"),
        ("9**9**9", "«9 ** 9 ** 9» is no part of one"),
        ("A01 =", "«A01 =» is no formula"),
        ("(" * 999 + "A01" + ")" * 999, "is no formula"),
    ],
)
def test_a_formula_is_read_and_its_names_are_known(formula, fault):
    row = blank("hand/checks.csv") | {
        "check_id": "x",
        "kind": "same",
        "question": "Is it?",
        "left": formula,
        "right": "A02",
        "comparable": "yes",
    }
    text = pd.DataFrame([row]).to_csv(index=False)
    found = told("hand/checks.csv", text, figures=[{"figure_id": "A01"}, {"figure_id": "A02"}])
    assert len(found) == bool(fault)
    assert not fault or ("column left: " in found[0] and fault in found[0])


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("fr,près,hedge,nearly,", ""),
        ("fr,millier,magnitude,1000,", ""),
        ("fr,MDH,unit,1000000 MAD,", ""),
        ("fr,trois,number,3,", ""),
        ("fr,tiers,refuse,,", ""),
        ("fr,près,hedgee,nearly,", "accepted: a word of the list word_kind in data/hand/vocab"),
        ("fr,près,hedgee,nearly,", "column kind: «hedgee» is not accepted; "),
        ("fr,près,hedgee,nearly,", "; the nearest is «hedge»"),
        ("fr,près,hedge,nearby,", "kind «hedge», meaning «nearby»: they do not fit"),
        ("fr,millier,magnitude,mille,", "kind «magnitude», meaning «mille»: they do not fit"),
        ("fr,tiers,refuse,3,", "kind «refuse», meaning «3»: they do not fit"),
        ("fr,près ,hedge,nearly,", "column words: «près » begins or ends with a space"),
        ("de,fast,hedge,nearly,", "column language: «de» is not accepted; accepted: one of ar, en"),
    ],
)
def test_a_word_of_the_reader_means_what_its_kind_can_mean(row, fault):
    found = told("hand/words.csv", f"language,words,kind,meaning,note\n{row}\n")
    assert bool(found) == bool(fault)
    assert not fault or fault in found[0]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("coops,cooperatives,stock,cooperatives", ""),
        ("part,percent,share,a part", ""),
        ("growth,percent,change,a growth", ""),
        ("cost,MAD,money,a cost", ""),
        ("coops,cooperatives,stok,cooperatives", "«stok» is not accepted; accepted: one of stock"),
        ("coops,coperatives,stock,cooperatives", "the nearest is «cooperatives»"),
        ("part,percent,stock,a part", "unit «percent», measure «stock»: they do not fit"),
        ("cost,cooperatives,money,a cost", "unit «cooperatives», measure «money»: they do not fit"),
    ],
)
def test_an_indicator_is_counted_in_what_its_measure_can_be(row, fault):
    found = told("hand/indicators.csv", f"indicator,unit,measure,label,noun\n{row},\n")
    assert bool(found) == bool(fault)
    assert not fault or fault in found[0]


def test_a_list_that_does_not_exist_is_a_fault_of_the_dictionary():
    dictionary = [
        {"table": "hand/x.csv", "column": "a", "missing": "never", "key": "yes", "refers_to": "",
         "accepts": "colour"}
    ]  # fmt: skip
    with pytest.raises(BadTable, match=r"no form and no list «colour»; accepted: date, day"):
        declared("hand/x.csv", {"dictionary": dictionary, "vocabulary": []})


def test_cells_that_say_the_same_are_looked_at_once_and_told_row_by_row():
    seen = []
    column = Column(checks=[lambda cell: seen.append(cell) or [f"«{cell}» is wrong"]])
    found = faults("t.csv", ["a"], [{"a": "x"}, {"a": "y"}, {"a": "x"}], Schema({"a": column}))
    assert [fault[:12] for fault in found] == ["t.csv, row 2", "t.csv, row 3", "t.csv, row 4"]
    assert seen == ["x", "y"]
