"""The tables of words are read with manners: what is wrong with a row is named by the row, with
what would be accepted.
"""

import pytest

from taawun import schemas
from taawun.numbers import parse_figure, vocabulary
from taawun.paths import HAND
from taawun.tables import BadTable, read_rows

WORDS = (HAND / "words.csv").read_text(encoding="utf-8")
STEMS = (HAND / "stems.csv").read_text(encoding="utf-8")


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """Read figures with other tables of words and stems."""

    def write(words: str = WORDS, stems: str | None = STEMS, encoding: str = "utf-8") -> None:
        (tmp_path / "words.csv").write_bytes(words.encode(encoding))
        (tmp_path / "stems.csv").unlink(missing_ok=True)
        if stems is not None:
            (tmp_path / "stems.csv").write_text(stems, encoding="utf-8")
        vocabulary.clear_caches()

    monkeypatch.setattr(vocabulary, "HAND", tmp_path)
    yield write
    monkeypatch.undo()
    vocabulary.clear_caches()


def faults(table: str, text: str) -> list[str]:
    """What the project's schema says of a table of these lines."""
    columns, *cells = (line.split(",") for line in text.splitlines())
    rows = [dict(zip(columns, row, strict=True)) for row in cells]
    _, typed, _ = schemas.read_typed()
    return schemas.faults(table, columns, rows, schemas.declared(f"hand/{table}", typed))


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("fr,vers,verb,roughly,", "kind «verb», meaning «roughly»: they do not fit"),
        ("fr,zillions,multiple,many,", "kind «multiple», meaning «many»: they do not fit"),
        ("fr,du,range,to,", "kind «range», meaning «to»: they do not fit"),
        ("fr,mai,month,5,", "kind «month», meaning «5»: they do not fit"),
        ("fr,vers,vers,,", "column kind: «vers» is not accepted"),
        ("fr,vers ,verb,about,", "column words: «vers » begins or ends with a space"),
    ],
)
def test_a_faulty_row_of_words_is_named(row, fault):
    [found] = faults("words.csv", f"language,words,kind,meaning,note\n{row}\n")
    assert found.startswith("words.csv, row 2 (fr), ")
    assert fault in found


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("fr,*,hedge,a reason", "column stem: «*» is not accepted"),
        ("fr,(a|b)*,hedge,a reason", "column stem: «(a|b)*» is not accepted"),
        ("fr,abc,hedgehog,a reason", "column looks_like: «hedgehog» is not accepted"),
        ("fr,abc,hedge,", "column reason: «» is not accepted; accepted: some words"),
        ("de,abc,hedge,a reason", "column language: «de» is not accepted"),
    ],
)
def test_a_faulty_row_of_stems_is_named(row, fault):
    [found] = faults("stems.csv", f"language,stem,looks_like,reason\n{row}\n")
    assert found.startswith("stems.csv, row 2 (")
    assert fault in found


@pytest.mark.parametrize("row", ["fr,plus de,hedge,at_most,", "ar,اكثر من,hedge,about,"])
def test_words_with_two_meanings_are_named_with_both_rows(tables, row):
    tables(words=f"{WORDS}{row}\n")
    last = len(WORDS.splitlines()) + 1
    with pytest.raises(BadTable, match=rf"words\.csv, row {last} .* and «at_least» in row \d+;"):
        parse_figure("12", "fr")


@pytest.mark.parametrize(
    ("words", "encoding", "fault"),
    [
        (WORDS.replace(",", ";"), "utf-8", "semicolons stand between the cells"),
        (f"{WORDS}<<<<<<< HEAD\n", "utf-8", "line [0-9]+: «<<<<<<< HEAD» is left of a merge"),
        ("language,words,kind,meaning,note\nfr,été,plain,,", "cp1252", "line 2: not UTF-8"),
        ("", "utf-8", "the file is empty"),
    ],
)
def test_a_table_that_another_program_spoilt_is_named(tables, words, encoding, fault):
    tables(words, stems=None, encoding=encoding)
    with pytest.raises(BadTable, match=fault):
        parse_figure("12", "fr")


def test_a_word_more_is_read_and_a_word_less_is_refused(tables):
    tables()
    assert parse_figure("pile 300 membres", "fr").qualifier == "exact"
    tables(words=f"{WORDS}fr,pile,hedge,nearly,a test\n")
    assert parse_figure("pile 300 membres", "fr").qualifier == "nearly"
    tables(words=WORDS.replace("fr,environ,hedge,about,\n", ""))
    with pytest.raises(ValueError, match="«environ» may hedge"):
        parse_figure("environ 300 membres", "fr")


def test_words_without_a_letter_are_named(tables):
    tables(words=f"{WORDS}fr,--,hedge,nearly,a test\n")
    with pytest.raises(BadTable, match="words «--»: there is nothing to look up"):
        parse_figure("12", "fr")


def test_a_project_without_stems_passes_over_what_it_does_not_know(tables):
    tables(stems=None)
    assert parse_figure("avoisinerait 300 xk", "fr").value == 300


def test_every_stem_and_every_word_that_decides_nothing_has_a_reason():
    plain = [row for row in read_rows(HAND / "words.csv") if row["kind"] in ("plain", "refuse")]
    assert len(plain) > 100
    assert all(len(row["note"]) > 3 for row in plain)
    assert all(len(row["reason"]) > 10 for row in read_rows(HAND / "stems.csv"))


def test_a_word_with_capitals_is_read_only_as_it_is_printed():
    assert parse_figure("5,2 Md DH", "fr").value == 5.2e9
    with pytest.raises(ValueError, match="«MD»"):
        parse_figure("5,2 MD DH", "fr")
