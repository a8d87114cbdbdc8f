"""What a build tells: sentences that fell silent, headlines that hang, key numbers that moved."""

import nbformat
import pytest

from taawun.build import BuildError, headlines, run
from taawun.mime import LEDGER

READINGS = {"equivalent": [3, 4], "fails_with": ["stock: another"]}
CLAIM = {"id": "it-grew", "failed": [], "headline": True, "readings": READINGS}


def executed(*claims):
    output = nbformat.v4.new_output("display_data", {LEDGER: {"claims": list(claims)}})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])


def test_a_headline_that_fails_in_an_equivalent_reading_stops_the_build():
    with pytest.raises(BuildError) as stopped:
        run._tell_of_claims("05-brief.en", executed(CLAIM), is_default=True)
    assert str(stopped.value) == (
        "the headline «it-grew» holds in 3 of 4 equivalent readings (not with stock: another); "
        "accepted: other words, or none of it in a headline"
    )


def test_an_experiment_is_told_of_it(capsys):
    together = CLAIM | {"readings": {"equivalent": [3, 4], "fails_with": []}}
    run._tell_of_claims("05-brief.en", executed(together), is_default=False)
    assert capsys.readouterr().out == (
        "  05-brief.en    the headline «it-grew» holds in 3 of 4 equivalent readings (not with "
        "several options together)\n"
    )


@pytest.mark.parametrize(
    "claim",
    [
        CLAIM | {"headline": False},
        CLAIM | {"readings": None},
        CLAIM | {"readings": {"equivalent": [4, 4], "fails_with": ["stock: possible"]}},
    ],
)
def test_other_claims_may_hang_on_a_reading(claim, capsys):
    run._tell_of_claims("05-brief.en", executed(claim), is_default=True)
    assert capsys.readouterr().out == ""


def test_a_sentence_that_fell_silent_is_told_with_its_condition(capsys):
    silent = CLAIM | {"failed": ["a > b", "c < 0"], "readings": None}
    run._tell_of_claims("05-brief.en", executed(silent), is_default=True)
    assert capsys.readouterr().out == (
        "  05-brief.en    not said, for a > b and c < 0 does not hold: «it-grew»\n"
    )


def test_a_notebook_that_says_nothing_has_nothing_to_tell(capsys):
    run._tell_of_claims("03-growth", nbformat.v4.new_notebook(), is_default=True)
    assert capsys.readouterr().out == ""


def test_a_table_that_is_too_large_for_a_pdf_is_carried_by_name_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "ATTACHED", 4)
    (tmp_path / "01-a.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "02-b.csv").write_text("a\n10\n", encoding="utf-8")
    assert run._carried(tmp_path) == {"01-a.csv": "a\n1\n", "02-b.csv": ""}


def test_a_number_of_the_key_messages_that_moved_is_told_with_its_days(tmp_path):
    ledger = tmp_path / "01-ledger.csv"
    key = '<section class="panel key"><a href="#n-change">5</a></section>'
    (tmp_path / "05-brief.en.html").write_text(key, encoding="utf-8")
    head, cells = "id,label,value,low,high,unit,start,date", "4,4,4,m,2020-12-31,2025-06"
    ledger.write_text(f'{head}\nchange,"rise, {{start}} to {{date}}",{cells}\n', encoding="utf-8")
    before = headlines.entries(tmp_path)
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("4,4,4", "5,4,6"), "utf-8")
    told = list(headlines.moved(before, tmp_path, tmp_path))
    assert told == ["rise, 2020-12-31 to 2025-06: 4 -> 5 (4 to 6) m"]
    ledger.write_text(f"{head}\n", encoding="utf-8")
    assert list(headlines.moved(before, tmp_path, tmp_path)) == ["change: 4 -> none"]
