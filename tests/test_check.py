"""Everything that people typed is looked at before anything runs: no fault passes in silence."""

import csv
import shutil
import time

import pytest

from taawun import check, schemas
from taawun.paths import RAW, TRANSLATIONS
from taawun.tables import read_cells


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of what people typed."""
    for folder in (RAW.parent, TRANSLATIONS):
        ignored = shutil.ignore_patterns("processed", "datapackage.json")
        shutil.copytree(folder, tmp_path / folder.name, ignore=ignored)
    monkeypatch.setattr(schemas, "RAW", tmp_path / "data" / "raw")
    monkeypatch.setattr(check, "TRANSLATIONS", tmp_path / "translations")
    return tmp_path


def type_cell(project, table: str, named: str, column: str, words: str) -> None:
    """Type words into a cell of the only row that begins with `named`, or has it elsewhere."""
    path = project / "data" / f"{table}.csv"
    columns, rows = read_cells(path)
    (row,) = [row for row in rows if row[0] == named] or [row for row in rows if named in row]
    row[columns.index(column)] = words
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def replace(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def test_the_project_is_sound(capsys):
    assert check.project_faults() == []
    assert check.main() == 0
    assert capsys.readouterr().err == ""


REFUSED = "«{words}» is not accepted; accepted: "
ONE_FAULT = [
    ("raw/figures", "Q06", "geo", "Moroco", REFUSED + "a word of the list geo in"),
    ("raw/figures", "Q06", "entity", "All", REFUSED + "a word of the list entity in"),
    ("raw/figures", "Q06", "period_end", "2035", "«2035» had not come when the source was read"),
    ("raw/sources", "odco-2025-12-19", "published", "2030", "it was read before it was published"),
    ("raw/sources", "odco-2025-12-19", "url", "javascript:alert(1)", REFUSED + "an address that"),
    ("raw/sources", "odco-2025-12-19", "rights", "", REFUSED + "some words"),
    ("raw/sources", "odco-2025-12-19", "repeats", "nobody", REFUSED + "a source_id of data/raw/"),
    ("raw/sources", "odco-2025-12-19", "repeats", "odco-2025-12-19", "accepted: a text that rep"),
    ("raw/sources", "hnews-2026-01", "repeats", "zanka20-2026-01-19x", "the nearest is «zanka20-2"),
    (
        "raw/population",
        "36828330",
        "active_2024",
        "11 137 688",
        REFUSED + "a whole number in digits",
    ),
    ("hand/checks", "speech_members_other", "check_id", "speech_members_is_june", "is used twice"),
    ("hand/checks", "speech_members_other", "comparable", "maybe", REFUSED + "one of yes, no"),
    ("hand/checks", "speech_members_other", "comparable", "", REFUSED + "one of yes, no"),
    ("hand/checks", "speech_members_other", "kind", "samee", REFUSED + "one of same, stale"),
    ("hand/checks", "speech_members_other", "right", "percent(Q03 / A005)", "«A005» is no figure"),
    ("hand/series", "D01", "series", "stokc", REFUSED + "one of stock, members"),
    ("hand/series", "D02", "date", "2004-12-31", "they are used twice"),
    ("hand/series", "D02", "date", "2003-11-31", REFUSED + "a day such as 2025-06-30"),
    ("hand/series", "D02", "date", "31/12/2003", REFUSED + "a day such as 2025-06-30"),
    ("hand/series", "D02", "date", "2002-12-31", "is not within 2003-12 to 2003-12"),
    ("hand/series", "D02", "figure_id", "Z88", REFUSED + "a figure_id of data/raw/figures.csv"),
    ("hand/series", "Q02", "figure_id", "D28b", "«D28b» counts cooperatives; accepted: members"),
    ("hand/series", "D02", "dating", "guessed", REFUSED + "one of printed, stated"),
    ("hand/indicators", "agricultural_coops", "measure", "stok", REFUSED + "one of stock, flow"),
    ("hand/indicators", "agricultural_coops", "unit", "coops", REFUSED + "a word of the list unit"),
    ("hand/words", "ما يفوق", "kind", "hedgee", REFUSED + "a word of the list word_kind"),
    ("hand/words", "ما يفوق", "meaning", "at_leest", "they do not fit"),
    ("hand/words", "ما يفوق", "words", "يفوق", "they are used twice"),
    ("hand/readings", "D28", "read_as", "environ 5.001 coopératives", "has other digits than «"),
    (
        "hand/readings",
        "D28",
        "read_as",
        "5.000 anciennes coopératives",
        "«5.000 anciennes coopératives» is what is printed",
    ),
    ("hand/readings", "D28", "figure_id", "D2800", REFUSED + "a figure_id of data/raw/figures.csv"),
    ("hand/names", "speech_stock", "name", "Speech stock", REFUSED + "small letters, digits and _"),
    ("hand/names", "speech_stock", "name", "B07", "such as register_stock_2025_06"),
    ("hand/names", "speech_stock", "name", "speech_members", "«speech_members» is used twice"),
    ("hand/names", "speech_stock", "name", "counted_as", "and no function of formulas"),
    (
        "hand/findings",
        "members_per_coop_safi",
        "name",
        "speech_stock",
        "stands in data/hand/names.csv, too",
    ),
    ("hand/ratios", "fair_size", "name", "speech_stock", "stands in data/hand/names.csv, too"),
    ("hand/names", "speech_stock", "figure_id", "A99", REFUSED + "a figure_id of data/raw/figures"),
    ("hand/names", "speech_stock", "figure_id", "A02", "holds no number; accepted: a figure with"),
    ("hand/names", "speech_stock", "figure_id", "A05", "«A05» is used twice"),
    ("hand/names", "speech_stock", "reason", " ", REFUSED + "some words"),
    ("hand/paces", "2023_2024", "earlier", "Q06", "they are no span"),
    ("hand/paces", "2023_2024", "earlier", "A03", "they are no span"),
    ("hand/paces", "2023_2024", "earlier", "Z88", REFUSED + "a figure_id of data/raw/figures.csv"),
    ("hand/breaks", "new law", "start", "2017-01-31", "the period ends before it starts"),
    ("hand/choices", "members of the speech", "not_used", "A05 B02", "«B02» is used"),
    ("hand/choices", "members of the speech", "not_used", "A05 B020", "«B020» is not accepted"),
    ("hand/choices", "members of the speech", "reason", "", REFUSED + "some words"),
    ("hand/choices", "members of the speech", "reason", "778.000 fit", "«778.000» is typed and"),
    ("hand/choices", "members of the speech", "reason", "some 16500", "«16500» is typed and would"),
    (
        "hand/choices",
        "members of the speech",
        "reason",
        "68 million of 2025",
        "«68 million» is typ",
    ),
    (
        "hand/choices",
        "members of the speech",
        "reason",
        "{A05 } of all",
        "names no number; accepted: the",
    ),
    ("hand/checks", "speech_members_other", "note", "1 219 in 2020", "«1 219» is typed and would"),
    ("raw/figures", "A05", "note", "as 878,000 in 2026", "«878,000» is typed and would not follow"),
    ("raw/figures", "A05", "note", "as \u202etold", "holds the control character U+202E; accept"),
    ("raw/figures", "A05", "note", "as {A05} in 2026", "names no number; accepted: no braces"),
    ("hand/checks", "speech_members_other", "left", "D67", "«D67» holds no number; acc"),
    ("hand/checks", "speech_members_other", "left", "Q02", "they are one and the same; accepted"),
    ("hand/checks", "speech_members_other", "older", "Q01", "counts for the kind stale alone"),
    ("hand/checks", "speech_members_other", "note", "as D570 has", "there is no figure «D570»"),
    ("raw/figures", "A05", "note", "as (A005) in 2026", "there is no figure «A005»; accepted"),
    ("hand/checks", "speech_members_other", "question", "Is {A05} so?", "words without braces"),
    ("hand/indicators", "agricultural_coops", "label", "{x}", REFUSED + "words without braces"),
    ("raw/sources", "odco-2025-12-19", "publisher", "ODCO {A05}", "words without braces, which"),
    ("raw/figures", "A05", "as_printed", "878.000 {A05}", "at most 60 characters without braces"),
    ("hand/programmes", "mourafaka", "denominator", "(Q01 - D39 / 4.5", "is no formula"),
    ("hand/spans", "five", "years", "five", REFUSED + "a whole number in digits"),
    ("hand/spans", "five", "years", "0", REFUSED + "a whole number in digits, from 1 on"),
    (
        "hand/prizes",
        "G21",
        "took_part",
        "G21 A02",
        "«A02» holds no number; accepted: a figure with",
    ),
    ("hand/comparisons", "fairs_held", "claim", "A20 * A29", "«A29» holds no number; accepted"),
    ("hand/regions", "Souss-Massa", "figure_id", "A29", "«A29» holds no number; accepted"),
    ("hand/direction_words", "fell", "pattern", "fell(", REFUSED + "a regular expression whose"),
    ("hand/direction_words", "fell", "pattern", "x?", REFUSED + "a regular expression whose"),
    ("hand/options", "D46", "stands_for", "9**9**9", "«9**9**9» is no formula"),
    ("hand/options", "D46", "stands_for", "opne to", "«opne to» is no formula: it cannot be read"),
    ("hand/options", "D46", "stands_for", "D46 / years(2020-02-30, 2021-01-01)", "«2020-02-30» is"),
    ("hand/programmes", "mourafaka", "group", "", "one is empty and another is not"),
    ("hand/costs", "census", "units", "", "«» is no formula: it cannot be read; accepted"),
    ("hand/comparisons", "fairs_held", "kind", "stated", REFUSED + "one of target, statement"),
    ("hand/comparisons", "fairs_held", "claim", "A020", "«A020» is no figure"),
    ("hand/regions", "Souss-Massa", "date", "", "one is empty and another is not"),
    ("hand/regions", "F01", "region", "Sous-Massa", "the nearest is «Souss-Massa»"),
]


@pytest.mark.parametrize(("table", "named", "column", "words", "fault"), ONE_FAULT)
def test_a_fault_is_refused_by_name(project, table, named, column, words, fault):
    type_cell(project, table, named, column, words)
    found = check.project_faults()
    assert any(fault.format(words=words) in problem for problem in found), found
    assert all(problem.startswith(f"{table.partition('/')[2]}.csv, row ") for problem in found)


@pytest.mark.parametrize(
    "words",
    [
        "2019-2023, by order 1369.16 of 2016-05-09",
        "law 112-12 of 2014; (R014) 36.6 %",
        "{speech_stock} and {A05:about} of stock_2008",
    ],
)
def test_years_laws_and_named_numbers_stand_in_a_reason(project, words):
    type_cell(project, "hand/choices", "members of the speech", "reason", words)
    assert check.project_faults() == []


def test_a_word_that_leaves_the_vocabulary_is_missed_where_it_stands(project):
    type_cell(project, "hand/vocabulary", "young_members", "word", "members")
    found = check.project_faults()
    assert sum("vocabulary.csv" in said and "they are used twice" in said for said in found) == 2
    assert sum("series.csv, row" in said and "«young_members»" in said for said in found) == 2
    assert len(found) == 4


def test_a_circle_of_reprints_is_named(project):
    type_cell(project, "raw/sources", "atlasinfo-2026-01-19", "repeats", "hadatcom-2026-01-19")
    chain = "hadatcom-2026-01-19 repeats atlasinfo-2026-01-19 repeats hadatcom-2026-01-19"
    assert (
        f"sources.csv, row 6 (hadatcom-2026-01-19), column repeats: {chain}; accepted: a text that "
        f"repeats no other"
    ) in check.project_faults()


def test_a_reprint_is_no_earlier_than_its_original(project):
    type_cell(project, "raw/sources", "lematin-2025-12", "published", "2025-11")
    (problem,) = check.project_faults()
    assert "(lematin-2025-12), column repeats: «odco-2025-12-19» was published later" in problem


def test_all_faults_of_all_files_are_told_at_once(project, capsys):
    for figure_id in ("A03", "A05", "Q06", "Q01"):
        type_cell(project, "raw/figures", figure_id, "geo", "Nowhere at all")
    type_cell(project, "hand/checks", "speech_members_other", "comparable", "maybe")
    replace(project / "translations" / "fr.po", 'msgstr "## L’essentiel"', 'msgstr "## L’essentiel')
    found = check.project_faults()
    files = [problem.partition(",")[0] for problem in found]
    assert files == [*["figures.csv"] * 4, "checks.csv", *["fr.po"] * 2]
    assert check.main() == 1
    assert capsys.readouterr().err.splitlines() == found


def test_twenty_faults_are_shown_and_the_others_counted(project, capsys):
    path = project / "data" / "raw" / "figures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",Morocco,", ",Moroco,"), "utf-8")
    assert check.main() == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 396 more faults"


def test_a_file_that_cannot_be_read_hides_no_other(project):
    series = project / "data" / "hand" / "series.csv"
    series.write_text(series.read_text(encoding="utf-8") + "<<<<<<< HEAD\n", encoding="utf-8")
    type_cell(project, "hand/checks", "speech_members_other", "comparable", "maybe")
    found = check.project_faults()
    assert [problem.partition(",")[0] for problem in found] == ["series.csv", "checks.csv"]
    assert "«<<<<<<< HEAD» is left of a merge" in found[0]


def test_a_table_that_nobody_explained_is_named(project):
    (project / "data" / "hand" / "mine.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (problem,) = check.project_faults()
    assert problem.startswith("mine.csv: data/dictionary.csv has no row for its columns; accepted")


def test_what_editors_lay_beside_an_open_table_is_no_table(project):
    for name in ("raw/._figures.csv", "hand/~$checks.csv", "raw/.DS_Store", "hand/checks.csv~"):
        (project / "data" / name).write_bytes(b"\0\5\x16\7\xff")
    (project / "data" / "hand" / ".#checks.csv").symlink_to("somebody@host.4711:99")
    assert check.project_faults() == []


def test_two_tables_of_one_name_are_refused(project):
    shutil.copy(project / "data" / "hand" / "checks.csv", project / "data" / "raw" / "checks.csv")
    assert "checks.csv: checks.csv has this name, too; accepted: another name" in (
        check.project_faults()
    )


@pytest.mark.parametrize("name", ["raw/figures", "raw/sources", "hand/vocabulary", "hand/words"])
def test_a_table_that_is_missing_is_told_and_nothing_that_would_follow(project, name):
    (project / "data" / f"{name}.csv").rename(project / "data" / f"{name}.CSV")
    missing = f"data/{name}.csv: there is no such file, and data/dictionary.csv has it"
    assert check.project_faults() == [missing]


def test_a_dictionary_that_is_missing_or_declares_nothing_is_told(project):
    dictionary = project / "data" / "dictionary.csv"
    text = dictionary.read_text(encoding="utf-8")
    dictionary.write_text(text.upper(), encoding="utf-8")
    (problem,) = check.project_faults()
    assert problem.startswith("data/dictionary.csv: it declares no table; it needs accepts, column")
    dictionary.unlink()
    assert check.project_faults() == ["dictionary.csv: there is no such file"]


@pytest.mark.parametrize("target", ["source.source_id", "sources.id", "sources", "."])
def test_a_column_that_cells_are_to_name_and_that_is_none_is_told_once_a_column(project, target):
    path = project / "data" / "dictionary.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",sources.source_id,", f",{target},"), encoding="utf-8")
    assert check.project_faults() == [
        f"data/dictionary.csv ({table}, {column}), column refers_to: «{target}» is no column; "
        f"accepted: one that it declares, as figures.figure_id"
        for table, column in (
            ("raw/figures.csv", "source_id"),
            ("raw/population.csv", "source_id"),
            ("raw/sources.csv", "repeats"),
        )
    ]


@pytest.mark.parametrize("change", [str.upper, lambda header: "a,b,c,d,e,f,g,h,i,j"])
def test_columns_of_other_names_are_told_and_not_stumbled_over(project, change):
    path = project / "data" / "raw" / "figures.csv"
    header, _, rows = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{change(header)}\n{rows}", encoding="utf-8")
    found = check.project_faults()
    assert len(found) == 20
    assert found[0].startswith("figures.csv: column 'figure_id' is missing; the columns are figure")


def test_first_and_last_days_that_are_swapped_are_told_once(project):
    path = project / "data" / "raw" / "figures.csv"
    columns, rows = read_cells(path)
    start, end = columns.index("period_start"), columns.index("period_end")
    for row in rows:
        row[start], row[end] = row[end], row[start]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    swapped = "figures.csv: the cells of the columns period_start and period_end seem to be swapped"
    assert check.project_faults() == [swapped]


@pytest.mark.parametrize("name", ["figures", "sources", "population"])
def test_a_received_table_without_rows_is_named(project, name):
    path = project / "data" / "raw" / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    assert check.project_faults() == [f"{name}.csv: it has no rows; accepted: at least one"]


def test_what_nobody_can_have_typed_is_refused_at_once(project):
    with (project / "data" / "raw" / "figures.csv").open("ab") as file:
        file.write(b"x,\n" * 10_000_000)
    assert "figures.csv: it is larger than 20 MB; accepted: what people can type" in (
        check.project_faults()
    )


def test_thousands_of_faults_take_seconds(project):
    path = project / "data" / "raw" / "figures.csv"
    header, _, rows = path.read_text(encoding="utf-8").partition("\n")
    wrong = rows.replace(",Morocco,", ",Moroco,").replace(",all,", ",al,")
    path.write_text(header + "\n" + wrong * 20, encoding="utf-8")
    began = time.monotonic()
    assert len(check.project_faults()) > 10_000
    assert time.monotonic() - began < 20


def test_without_a_dictionary_the_rest_is_not_guessed(project):
    (project / "data" / "dictionary.csv").write_bytes(b"\xff")
    (problem,) = check.project_faults()
    assert problem.startswith("dictionary.csv, line 1: not UTF-8")
