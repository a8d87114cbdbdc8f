"""What a build tells of claims: what fell silent, and headlines that hang on a reading."""

import nbformat
import pytest

from taawun.build import BuildError, run
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
