"""What auditors ask for is answered with facts."""

import pytest

from taawun.tables import BadTable
from taawun.verify import repository


def test_checklists_are_answered_with_facts():
    answers = repository.answers()
    assert {"NHS RAP", "AEA Data Editor", "World Bank"} == {row["list"] for row in answers}
    assert {"Baseline", "Silver", "Gold"} <= {row["level"] for row in answers}
    assert all(len(row["fact"]) > 10 for row in answers)
    assert not [(row["item"], row["fact"]) for row in answers if row["answer"] == "no"]


def test_unknown_check_is_refused(monkeypatch, tmp_path):
    (tmp_path / "checklist.csv").write_text(
        "list,level,item,check,file,words\nA,B,C,person,,\nA,B,D,whatever,,\n", encoding="utf-8"
    )
    monkeypatch.setattr(repository, "HAND", tmp_path)
    with pytest.raises(BadTable, match=r"row 3 .*no check «whatever».*nothing_by_hand"):
        repository.answers()


def test_what_is_missing_is_answered_with_no(monkeypatch, tmp_path):
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    for check in (
        repository.folders_follow_a_plan,
        repository.versions_are_locked,
        repository.time_is_stated,
        repository.steps_are_recorded,
        repository.outputs_come_from_code,
    ):
        well, fact = check()
        assert not well, check.__name__
        assert fact


def test_a_file_that_has_to_say_something_is_read(monkeypatch, tmp_path):
    (tmp_path / "checklist.csv").write_text(
        "list,level,item,check,file,words\nA,B,C,says,x.txt,one; two\nA,B,D,says,x.txt,one\n"
        "A,B,E,says,none.txt,one\n",
        encoding="utf-8",
    )
    (tmp_path / "x.txt").write_text("all for one", encoding="utf-8")
    monkeypatch.setattr(repository, "HAND", tmp_path)
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    assert [(row["answer"], row["fact"]) for row in repository.answers()] == [
        ("no", "x.txt lacks two"),
        ("yes", "x.txt says one"),
        ("no", "none.txt lacks one"),
    ]
