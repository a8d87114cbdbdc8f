"""CSV files that people typed are read with manners, and what is written can be read again."""

import pandas as pd
import pytest

from taawun import periods, tables
from taawun.tables import BadTable

COLUMNS = "figure_id,source_id,as_printed,indicator,entity,geo,period_start,period_end,locator,note"
FIGURES = f"""{COLUMNS}
A01,odco-2025,"63,445",coops_stock,all,Morocco,,2025-06-30,table 1,
A02,paper-2026,plus de 878.000 membres,coop_members,all,Morocco,2025,2025-12,para 2,
A03b,odco-2025,22.914,coops_stock,all,Morocco,2021,2025,para 3,
"""


@pytest.fixture
def read(tmp_path):
    """Reads a figures.csv of these lines (or bytes); the faults found, none for a good table."""

    def problems(content) -> list[str]:
        path = tmp_path / "figures.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            tables.read_table(path)
        except BadTable as error:
            bad = error
        else:
            return []
        assert str(bad) == "\n".join(bad.problems)
        assert isinstance(bad, ValueError)
        return bad.problems

    return problems


def test_a_good_table_passes_with_its_words_untouched(read, tmp_path):
    assert read(FIGURES) == []
    table = tables.read_table(tmp_path / "figures.csv")
    assert list(table["as_printed"]) == ["63,445", "plus de 878.000 membres", "22.914"]
    assert table.at[0, "period_start"] == ""
    assert table.at[1, "period_end"] == "2025-12"


def test_a_byte_order_mark_and_other_line_ends_are_no_fault(read):
    assert read(b"\xef\xbb\xbf" + FIGURES.replace("\n", "\r\n").encode()) == []
    assert read(b"\xef\xbb\xbf" * 2 + FIGURES.encode()) == []
    assert read(FIGURES.replace("\n", "\r")) == []


QUOTE = "its quotation marks do not match"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            ('"63,445"', "63,445"),
            "row 2 (A01): 11 cells where 10 are expected; put quotation marks around words that "
            'hold a comma, such as "63,445"',
        ),
        (("table 1,\n", "table 1\n"), "row 2 (A01): 9 cells where 10 are expected"),
        (("A02", "\nA02"), "row 3: the line is empty; accepted: a row with words, or no line"),
        (("A02", "A" * 200_000), "line 3: a cell is longer than people type; accepted: at most"),
        (('"63,445"', '"63,445'), f"line 2: {QUOTE}"),
        (('"63,445"', '"63,445" or so'), f"line 2: {QUOTE}"),
        (("A02", "<<<<<<< HEAD\nA02"), "line 3: «<<<<<<< HEAD» is left of a merge; keep one of"),
        (("A02", "=======\nA02"), "line 3: «=======» is left of a merge"),
        (("A02", ">>>>>>> mine\nA02"), "line 3: «>>>>>>> mine» is left of a merge"),
    ],
)
def test_a_line_that_is_no_row_is_told_once_with_its_place(read, change, fault):
    assert FIGURES.count(change[0]) == 1
    (problem,) = read(FIGURES.replace(*change))
    assert problem.startswith(f"figures.csv, {fault}")


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_told_once(read, mark, word):
    (problem,) = read(FIGURES.replace(",", mark))
    assert problem == (f"figures.csv: {word} stand between the cells; save the file with commas")


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_line_for_a_spreadsheet_is_told_once(read, mark):
    (problem,) = read(f"sep={mark}\n" + FIGURES)
    assert problem.startswith("figures.csv: its first line is for a spreadsheet; take «sep=")


def test_another_encoding_is_told_once(read):
    (problem,) = read(FIGURES.encode("utf-16"))
    assert problem == "figures.csv: it is UTF-16; save the file as UTF-8"


def test_what_is_no_file_is_told(tmp_path):
    for path in (tmp_path / "figures.csv", tmp_path):
        with pytest.raises(BadTable, match=": there is no such file"):
            tables.read_table(path)


def test_many_faults_are_counted_and_twenty_shown():
    problems = [f"fault {i}" for i in range(23)]
    bad = BadTable(problems)
    assert bad.problems == problems
    assert str(bad).splitlines() == [*problems[:20], "... and 3 more faults"]


def test_every_line_with_too_many_or_too_few_cells_is_named(read):
    found = read(FIGURES.replace('"63,445"', "63,445").replace("para 3,", "para 3"))
    assert [problem.split(":")[0] for problem in found] == [
        "figures.csv, row 2 (A01)",
        "figures.csv, row 4 (A03b)",
    ]


def test_a_file_that_is_not_utf8_is_named_with_its_line(read):
    found = read(FIGURES.replace("para 2", "éditorial").encode("latin-1"))
    assert found == ["figures.csv, line 3: not UTF-8 (byte 0xe9); save the file as UTF-8"]


def test_an_empty_file_is_named(read):
    assert read("") == ["figures.csv: the file is empty; its first line names the columns"]


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
    assert periods.day(text, last=False).isoformat() == first
    assert periods.day(text).isoformat() == last


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
    with pytest.raises(ValueError, match=r"is not a date|there is no (month|day)"):
        periods.day(text)


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


def test_cells_that_say_the_same_are_kept_once(tmp_path):
    (tmp_path / "figures.csv").write_text(FIGURES, encoding="utf-8")
    first, _, last = tables.read_rows(tmp_path / "figures.csv")
    assert first["source_id"] is last["source_id"]


def test_rows_have_the_cells_of_their_frame_by_column():
    frame = pd.DataFrame({"in French": pd.Series(["un", ""], dtype="str"), "value": [1.5, 2.0]})
    assert tables.records(frame) == [
        {"in French": "un", "value": 1.5},
        {"in French": "", "value": 2.0},
    ]
    assert [tuple(row) for row in tables.each(frame)] == [(0, "un", 1.5), (1, "", 2.0)]


def test_columns_are_read_without_the_rows(tmp_path):
    (tmp_path / "long.csv").write_bytes("\ufeffa,b c\n".encode() + b"1,2,3\n" * 2**15 + b"\xff")
    assert tables.read_columns(tmp_path / "long.csv") == ["a", "b c"]
    (tmp_path / "long.csv").write_bytes(b"")
    assert tables.read_columns(tmp_path / "long.csv") == []
