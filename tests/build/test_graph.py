"""What a step depends on, read from the sources of a small project without running anything."""

import json

import nbformat
import pytest

from taawun.build import BuildError, edition, graph, parameters, sources


class Project:
    """Notebooks of one cell each in an empty folder, and the edition of their defaults."""

    def __init__(self, path):
        self.path, self.edition = path, path / "build"
        (path / "notebooks").mkdir()
        self.edition.mkdir()
        (self.edition / "edition.json").write_text("{}")

    def notebook(self, name, code, parameters="x: int = 1  # nothing"):
        cells = [
            nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(code),
        ]
        path = self.path / f"notebooks/{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        graph.clear_caches()
        return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(graph, "ROOT", tmp_path)
    monkeypatch.setattr(graph, "NOTEBOOKS", tmp_path / "notebooks")
    yield Project(tmp_path)
    monkeypatch.undo()
    graph.clear_caches()
    graph.name_of.cache_clear()


def test_an_edge_is_a_table_that_one_writes_and_another_reads(project):
    project.notebook("01-a", 'write(PROCESSED / "01-a.csv")')
    project.notebook("02-b", 'read(PROCESSED / "01-a.csv"); write(PROCESSED / "02-b.csv")')
    project.notebook("03-c", 'read(PROCESSED / "01-a.csv"); write(PROCESSED / "03-c.csv")')
    several = 'language: str = "en"  # one of: en, fr'
    project.notebook("04-d", 'PROCESSED / "02-b.csv", PROCESSED / "03-c.csv"', several)
    both = ["02-b", "03-c"]
    edges = {"01-a": [], "02-b": ["01-a"], "03-c": ["01-a"], "04-d.en": both, "04-d.fr": both}
    assert graph.flow(project.edition) == edges
    assert graph.diagram(project.edition) == "01 a -> 02 b, 03 c -> 04 d x en, fr"
    assert list(graph.with_upstream(["03-c"], edges)) == ["01-a", "03-c"]


def test_a_table_that_nobody_writes_is_named(project):
    project.notebook("01-a", 'PROCESSED / "00-nothing.csv"')
    with pytest.raises(BuildError, match=r"01-a reads processed/00-nothing.csv, which no earlier"):
        graph.flow(project.edition)


def test_steps_that_wait_for_one_another_are_named(project):
    project.notebook("01-a", 'PROCESSED / "01-a.csv", PROCESSED / "02-b.csv"')
    project.notebook("02-b", 'PROCESSED / "02-b.csv", PROCESSED / "01-a.csv"')
    with pytest.raises(BuildError, match=r"wait for one another: 0(1-a <- 02-b|2-b <- 01-a) <- "):
        graph.flow(project.edition)


def test_code_and_data_count_where_they_are_named_and_only_there(project):
    for name in ("data/raw/a.csv", "data/raw/b.csv", "data/hand/c.csv", "own.py", "pack/x.py"):
        path = project.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('from taawun.paths import HAND\nHAND / "c.csv"\n')
    project.notebook("01-a", 'RAW / "a.csv"')
    project.notebook("02-b", "import pack.x\nRAW")
    project.notebook("03-c", "import own as mine")
    found = {step: set(graph.inputs(step, project.edition)) for step in ("01-a", "02-b", "03-c")}
    mine = {
        step: {n for n in names if n[:5] in ("data/", "own.p", "pack/")}
        for step, names in found.items()
    }
    assert mine == {
        "01-a": {"data/raw/a.csv"},
        "02-b": {"data/raw/a.csv", "data/raw/b.csv", "data/hand/c.csv", "pack/x.py"},
        "03-c": {"data/hand/c.csv", "own.py"},
    }


def test_a_room_that_a_notebook_does_not_import_does_not_count_for_it():
    folder = edition.open_edition("", {})
    rooms = {
        step: {name.split("/")[1] for name in graph.inputs(step, folder) if name[:7] == "taawun/"}
        for step in graph.steps(folder)
    }
    assert "charts" not in rooms["01-clean"]
    assert "charts" in rooms["03-growth"]
    assert not any(rooms[step] & {"metadata", "verify"} for step in rooms)


def test_an_own_default_of_each_notebook_is_named(project):
    project.notebook("01-a", "", "x: int = 1  # nothing")
    project.notebook("02-b", "", "x: int = 2  # nothing")
    with pytest.raises(BuildError, match="x has two defaults: 1 in 01-a and 2 in 02-b"):
        parameters.available(graph.notebooks())


def test_the_first_heading_of_a_notebook_is_its_title(tmp_path):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Why", "?\n", "more"]}]
    path = tmp_path / "01-a.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    assert sources.title(path) == "Why?"


NOTEBOOK = '{\n "nbformat": 4,\n "cells": [\n  {CELL}\n ]\n}'
CELL = '{"cell_type": "code", "metadata": {}, "source": "1"}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is not the JSON that Jupyter saves: it is empty"),
        (NOTEBOOK[:40].encode(), "is not the JSON that Jupyter saves: Expecting"),
        (b"\xef\xbb\xbf" + NOTEBOOK.encode(), "Unexpected UTF-8 BOM"),
        (NOTEBOOK.encode("utf-16"), "is not in UTF-8 (byte 1)"),
        ("{\n<<<<<<< HEAD\n}", "line 2 is a mark of a merge conflict: <<<<<<< HEAD"),
        ("{}\n>>>>>>> theirs\n", "line 2 is a mark of a merge conflict: >>>>>>> theirs"),
        ("[]", "is no notebook of format 4"),
        ('{"nbformat": 4, "cells": {}}', "is no notebook of format 4"),
        ('{"nbformat": 3, "worksheets": []}', "is no notebook of format 4"),
        (NOTEBOOK.replace("{CELL}", "null"), "cell 1 has no cell_type"),
        (NOTEBOOK.replace("{CELL}", CELL.replace("metadata", "meta")), "cell 1 has no metadata"),
        (NOTEBOOK.replace("{CELL}", f"{CELL},\n" + "{}"), "cell 2 has no cell_type"),
        (NOTEBOOK.replace("{CELL}", CELL.replace('"1"', "1")), "cell 1 has no source"),
    ],
)
def test_a_damaged_notebook_is_named_with_what_is_wrong(tmp_path, text, words):
    path = tmp_path / "03-c.ipynb"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(BuildError) as refused:
        sources.cells(path)
    assert f"{tmp_path.name}/03-c.ipynb" in str(refused.value)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["01-a-Copy1", "01-a-Copy", "01-a copy 2", "01-a_copy", "01-a (1)"]
)
def test_a_copy_of_a_notebook_is_no_step(project, name):
    first = project.notebook("01-a", "x")
    copied = project.notebook(name, "x")
    assert graph.notebooks() == [first]
    assert graph.copies() == [copied]


def test_a_name_that_only_sounds_like_a_copy_is_a_step(project):
    named = [project.notebook("01-copying", "x"), project.notebook("02-copyright", "x")]
    assert graph.notebooks() == named
    assert graph.copies() == []


def test_two_notebooks_of_one_number_are_refused(project):
    project.notebook("01-a", "x")
    project.notebook("01-b", "x")
    with pytest.raises(BuildError, match=r"01-a.ipynb and notebooks/01-b.ipynb have one number"):
        graph.notebooks()
