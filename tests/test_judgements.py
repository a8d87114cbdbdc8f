"""Judgements go stale with the words of the figures that they name."""

import pytest

from taawun import judgements
from taawun.judgements import Judgement, Outdated
from taawun.schemas import read_typed


def tables(words="63.445 تعاونية", seen="63.445 تعاونية", reason="{stock} fits, D39 does not"):
    keys = [
        ("hand/choices.csv", "topic"),
        ("hand/series.csv", "series"),
        ("hand/series.csv", "date"),
    ]
    return {
        "dictionary": [
            *({"table": table, "column": column, "key": "yes"} for table, column in keys),
            {"table": "hand/series.csv", "column": "note", "key": ""},
            {"table": "raw/sources.csv", "column": "source_id", "key": "yes"},
        ],
        "figures": [
            {"figure_id": "Q01", "as_printed": words},
            {"figure_id": "D39", "as_printed": "40.531"},
            {"figure_id": "D40b", "as_printed": "646.901"},
        ],
        "names": [{"name": "stock", "figure_id": "Q01"}],
        "choices": [{"topic": "stock of the speech", "reason": reason, "used": "D40b"}],
        "series": [{"series": "stock", "date": "2020", "note": "{stock:about}, {gap} and (D40b)"}],
        "confirmed": [row("choices", "stock of the speech", "Q01", seen)],
    }


def row(*cells):
    return dict(zip(Judgement._fields, cells, strict=True))


def test_a_judgement_names_figures_in_its_reason_or_note_by_name_or_id():
    assert judgements.made(tables()) == [
        ("choices", "stock of the speech", "D39", "40.531"),
        ("choices", "stock of the speech", "Q01", "63.445 تعاونية"),
        ("series", "stock / 2020", "D40b", "646.901"),
        ("series", "stock / 2020", "Q01", "63.445 تعاونية"),
    ]


def test_words_that_moved_name_the_judgement_that_was_made_before():
    (one,) = judgements.outdated(tables(words="63.446 تعاونية"))
    assert one == Outdated(
        "choices", "stock of the speech", "Q01", "63.445 تعاونية", "63.446 تعاونية"
    )
    assert str(one) == (
        "data/hand/choices.csv (stock of the speech) was judged when Q01 read «63.445 تعاونية»; "
        "now it reads «63.446 تعاونية»: look at the row again, then "
        'make confirm ROW="choices/stock of the speech"'
    )
    assert judgements.outdated(tables()) == []


def test_confirming_a_row_keeps_its_words_and_leaves_others_as_they_were():
    moved = tables(words="63.446")
    moved["confirmed"].append(row("series", "stock / 2020", "Q01", "63.445"))
    lines = judgements.confirm("choices/stock of the speech", moved).splitlines()
    assert lines == [
        "table,row,figure_id,words",
        "choices,stock of the speech,D39,40.531",
        "choices,stock of the speech,Q01,63.446",
        "series,stock / 2020,D40b,646.901",
        "series,stock / 2020,Q01,63.445",
    ]


def test_without_a_row_only_new_judgements_are_kept():
    lines = judgements.confirm("", tables(words="63.446")).splitlines()
    assert "choices,stock of the speech,Q01,63.445 تعاونية" in lines
    assert "series,stock / 2020,Q01,63.446" in lines


def test_a_judgement_that_no_longer_names_a_figure_is_forgotten():
    assert ",Q01," not in judgements.confirm("", tables(reason="D39")).splitlines()[2]


def test_an_unknown_row_is_refused_with_those_that_are_out_of_date():
    with pytest.raises(ValueError, match=r"^«choices/stok» is no .*: choices/stock of the speech$"):
        judgements.confirm("choices/stok", tables(words="63.446"))
    with pytest.raises(ValueError, match=r"to confirm: -$"):
        judgements.confirm("choices/stok", tables())


def test_the_command_tells_and_confirms(tmp_path, monkeypatch, capsys):
    told = tables(words="63.446")
    monkeypatch.setattr(judgements, "CONFIRMED", tmp_path / "confirmed.csv")
    monkeypatch.setattr(judgements, "read_typed", lambda: ({}, told, []))
    assert judgements.main() == 0
    assert not judgements.CONFIRMED.exists()
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(
        "data/hand/choices.csv (stock of the speech) was judged when Q01 read"
    )
    assert said[1] == "Judgements that are new: 2; make confirm keeps what their figures read."
    assert judgements.main("confirm", "choices/stock of the speech") == 0
    assert "Q01,63.446" in judgements.CONFIRMED.read_text(encoding="utf-8")
    assert judgements.main("confirm", "nothing") == 1
    assert "«nothing» is no judgement" in capsys.readouterr().err


def test_tables_that_cannot_be_read_are_told(monkeypatch, capsys):
    monkeypatch.setattr(judgements, "read_typed", lambda: ({}, {}, ["figures.csv: no such file"]))
    assert judgements.main() == 1
    assert capsys.readouterr().err == "figures.csv: no such file\n"


def test_a_project_without_tables_has_no_judgements(monkeypatch, capsys):
    assert judgements.made({}) == judgements.outdated({}) == []
    monkeypatch.setattr(judgements, "read_typed", lambda: ({}, {}, []))
    assert judgements.main() == 0
    assert capsys.readouterr().out == ""


def test_nothing_is_told_where_all_is_confirmed(monkeypatch, capsys):
    told = tables()
    told["confirmed"] = [one._asdict() for one in judgements.made(told)]
    monkeypatch.setattr(judgements, "read_typed", lambda: ({}, told, []))
    assert judgements.main() == 0
    assert capsys.readouterr().out == ""


def test_every_judgement_of_the_project_is_confirmed():
    read = read_typed()[1]
    kept = {tuple(one.values()) for one in read["confirmed"]}
    assert judgements.outdated(read) == []
    assert {one for one in judgements.made(read) if tuple(one) not in kept} == set(), (
        "make confirm keeps what the figures of a new judgement read"
    )
    assert len(kept) > 60
