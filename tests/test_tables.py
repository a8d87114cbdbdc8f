"""Bad input is met with manners: all faults at once, each with file, row, column, words and what
would be accepted.
"""

import io
import re

import pandas as pd
import pytest

from taawun import schemas, tables
from taawun.paths import RAW
from taawun.tables import BadTable

SOURCES = """source_id,title,publisher,published,accessed,url,language,kind,repeats,rights,note
odco-2025,Register,ODCO,2025-06,2026-11-23,https://example.org,fr,register,,open,
paper-2026,News,Paper,2026-01-19,2026-11-23,,ar,press,odco-2025,quoted,
"""
INDICATORS = ["coops_stock", "coop_members"]
COLUMNS = "figure_id,source_id,as_printed,indicator,entity,geo,period_start,period_end,locator,note"
FIGURES = f"""{COLUMNS}
A01,odco-2025,"63,445",coops_stock,all,Morocco,,2025-06-30,table 1,
A02,paper-2026,plus de 878.000 membres,coop_members,all,Morocco,2025,2025-12,para 2,
A03b,odco-2025,22.914,coops_stock,all,Morocco,2021,2025,para 3,
"""


@pytest.fixture
def check(tmp_path):
    """Reads and checks a figures.csv of these lines (or bytes); the faults found, none for a good
    table.
    """
    sources = tmp_path / "sources.csv"
    sources.write_text(SOURCES, encoding="utf-8")

    def faults(content) -> list[str]:
        path = tmp_path / "figures.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            ids = tables.read_table(sources)["source_id"]
            tables.check_table(tables.read_table(path), schemas.figures(ids, INDICATORS), path)
        except BadTable as error:
            bad = error
        else:
            return []
        assert str(bad) == "\n".join(bad.problems)
        assert isinstance(bad, ValueError)
        return bad.problems

    return faults


def test_a_good_table_passes_with_its_words_untouched(check, tmp_path):
    assert check(FIGURES) == []
    read = tables.read_table(tmp_path / "figures.csv")
    assert list(read["as_printed"]) == ["63,445", "plus de 878.000 membres", "22.914"]
    assert read.at[0, "period_start"] == ""
    assert read.at[1, "period_end"] == "2025-12"


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(check):
    assert check(b"\xef\xbb\xbf" + FIGURES.replace("\n", "\r\n").encode()) == []


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
    (
        "an unquoted comma",
        ('"63,445"', "63,445"),
        [
            "row 2 (A01): 11 cells where 10 are expected; put quotation marks around words that "
            'hold a comma, such as "63,445"'
        ],
    ),
    ("a cell too few", ("table 1,\n", "table 1\n"), ["row 2 (A01): 9 cells where 10 are expected"]),
    ("an empty line", ("A02", "\nA02"), ["row 3 (empty): 0 cells where 10 are expected"]),
]


@pytest.mark.parametrize(
    ("change", "faults"), [case[1:] for case in ONE_FAULT], ids=[case[0] for case in ONE_FAULT]
)
def test_a_fault_is_named_with_file_row_column_words_and_what_is_accepted(check, change, faults):
    assert FIGURES.count(change[0]) == 1
    found = check(FIGURES.replace(*change))
    assert len(found) == len(faults)
    for problem, fault in zip(found, faults, strict=True):
        assert problem.startswith("figures.csv, row ")
        assert fault in problem


@pytest.mark.parametrize("column", FIGURES.split("\n")[0].split(","))
def test_a_missing_column_is_named_alone_with_the_columns_that_are_expected(check, column):
    cells = pd.read_csv(io.StringIO(FIGURES), dtype=str, keep_default_na=False).drop(columns=column)
    assert check(cells.to_csv(index=False)) == [
        f"figures.csv: column '{column}' is missing; the columns are "
        f"{FIGURES.splitlines()[0].replace(',', ', ')}"
    ]


def test_an_extra_column_is_named(check):
    found = check(
        "\n".join(
            line + (",parsed" if i == 0 else ",1") for i, line in enumerate(FIGURES.splitlines())
        )
    )
    assert len(found) == 1
    assert found[0].startswith(
        "figures.csv: column 'parsed' is not expected; the columns are figure_id, source_id"
    )


def test_all_faults_are_reported_at_once_in_the_order_of_the_rows(check):
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


def test_every_line_with_too_many_or_too_few_cells_is_named(check):
    found = check(FIGURES.replace('"63,445"', "63,445").replace("para 3,", "para 3"))
    assert [problem.split(":")[0] for problem in found] == [
        "figures.csv, row 2 (A01)",
        "figures.csv, row 4 (A03b)",
    ]


def test_a_file_that_is_not_utf8_is_named_with_its_line(check):
    found = check(FIGURES.replace("para 2", "éditorial").encode("latin-1"))
    assert found == ["figures.csv, line 3: not UTF-8 (byte 0xe9); save the file as UTF-8"]


def test_an_empty_file_is_named(check):
    assert check("") == ["figures.csv: the file is empty; its first line names the columns"]


def check_sources(path) -> None:
    sources = tables.read_table(path)
    tables.check_table(sources, schemas.sources(sources.get("source_id", ())), path)


def source_faults(text: str, path) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadTable) as bad:
        check_sources(path)
    return bad.value.problems


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
            "column language: «de» is not accepted; accepted: one of ar, en, fa, fr",
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
            "published «», accessed «»: it has no date; accepted: a date published or accessed",
        ),
        (("Register", " "), "column title: « » is not accepted; accepted: some words"),
    ],
)
def test_a_fault_in_the_sources_is_named(change, fault, tmp_path):
    assert SOURCES.count(change[0]) == 1
    problems = source_faults(SOURCES.replace(*change), tmp_path / "sources.csv")
    assert len(problems) == 1
    assert problems[0].startswith("sources.csv, row ")
    assert fault in problems[0]


def test_a_reprint_of_an_unknown_source_is_named(tmp_path):
    problems = source_faults(
        SOURCES.replace("press,odco-2025", "press,odco-2024"), tmp_path / "sources.csv"
    )
    assert problems == [
        "sources.csv, row 3 (paper-2026), source_id «paper-2026», repeats «odco-2024»: no such "
        "source; accepted: repeats empty or a source_id of this table"
    ]


@pytest.mark.parametrize("column", SOURCES.split("\n")[0].split(","))
def test_a_missing_column_of_the_sources_is_named(column, tmp_path):
    cells = pd.read_csv(io.StringIO(SOURCES), dtype=str, keep_default_na=False).drop(columns=column)
    assert source_faults(cells.to_csv(index=False), tmp_path / "sources.csv")[0].startswith(
        f"sources.csv: column '{column}' is missing"
    )


def test_an_extra_column_of_the_sources_is_named(tmp_path):
    problems = source_faults(
        "\n".join(
            line + (",rating" if i == 0 else ",5") for i, line in enumerate(SOURCES.splitlines())
        ),
        tmp_path / "sources.csv",
    )
    assert len(problems) == 1
    assert problems[0].startswith(
        "sources.csv: column 'rating' is not expected; the columns are source_id, title"
    )


def test_a_file_of_the_project_is_named_from_its_top():
    whole = tables.read_table(RAW / "figures.csv")
    schema = schemas.figures(set(whole["source_id"]), set(whole["indicator"]))
    with pytest.raises(BadTable, match=r"^data/raw/figures\.csv: column 'note' is missing"):
        tables.check_table(whole.drop(columns="note"), schema, RAW / "figures.csv")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2025-06-30", "2025-06-30", "2025-06-30"),
    ],
)
def test_a_partial_date_means_its_first_or_last_day(text, first, last):
    assert tables.day(text, last=False).isoformat() == first
    assert tables.day(text).isoformat() == last


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-2",
        "2025-02-30",
        "2025-00",
        "2025-13-01",
        "45658",
        "30-06-2025",
        "2025-06-30 00:00:00",
        "٢٠٢٥",
        "1850",
    ],
)
def test_anything_else_is_no_date(text):
    with pytest.raises(ValueError, match=r"is not a date|there is no month|day is out of range"):
        tables.day(text)


def test_the_tables_of_the_project_pass():
    check_sources(RAW / "sources.csv")
    sources, figures, indicators = (
        tables.read_table(RAW / name)
        for name in ("sources.csv", "figures.csv", "../hand/indicators.csv")
    )
    schema = schemas.figures(sources["source_id"], indicators["indicator"])
    tables.check_table(figures, schema, RAW / "figures.csv")


MADE = """id,value,left_low,high,density,period_end,published,public,step
x,1.5,2,,0.25,2020,2024,True,03
y,,-3,1e6,,2021,,False,04
"""


def test_a_made_table_comes_back_with_its_numbers_and_its_dates_as_words(tmp_path):
    path = tmp_path / "03-made.csv"
    path.write_text(MADE, encoding="utf-8")
    made = tables.read_made(path, numbers=["density"])
    kinds = {column: kind for column, kind in made.dtypes.items() if kind in (float, bool)}
    assert kinds == dict.fromkeys(["value", "left_low", "high", "density"], float) | {
        "public": bool
    }
    assert made["high"].fillna(-1).tolist() == [-1, 1e6]
    assert made["period_end"].tolist() == ["2020", "2021"]
    assert made["published"].tolist() == ["2024", ""]
    assert made["step"].tolist() == ["03", "04"]
    assert tables.read_made(path)["density"].tolist() == ["0.25", ""]


def test_a_made_table_without_rows_has_its_numbers(tmp_path):
    (tmp_path / "made.csv").write_text("id,value\n", encoding="utf-8")
    assert tables.read_made(tmp_path / "made.csv")["value"].dtype == float


def test_words_where_a_made_table_has_numbers_are_named(tmp_path):
    (tmp_path / "made.csv").write_text("id,value\nx,many\n", encoding="utf-8")
    with pytest.raises(BadTable, match=r"^made\.csv, row 2, column value: «many» is not accepted"):
        tables.read_made(tmp_path / "made.csv")


def test_what_is_written_is_read_again_and_written_the_same(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    frame = pd.DataFrame(
        {"id": ["a", "b"], "value": [1 / 3, float("nan")], "words": ['«1,2» "x"', ""]}
    )
    tables.write_table(frame, one)
    assert one.read_bytes() == ('id,value,words\na,0.333333333333,"«1,2» ""x"""\nb,,\n'.encode())
    tables.write_table(tables.read_made(one), other)
    assert other.read_bytes() == one.read_bytes()
