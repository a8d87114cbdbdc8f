"""The house's rules for notebooks and for the Makefile's data flow."""

import ast
import json
import re
from statistics import median

import nbformat
import papermill
import pytest

from taawun.build import graph as inputs
from taawun.build import parameters

NOTEBOOKS = inputs.notebooks()
MAKEFILE = (inputs.ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
each = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def cells(notebook, kind=None):
    return [cell for cell in nbformat.read(notebook, 4).cells if kind in (None, cell.cell_type)]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def test_the_five_steps_are_there():
    assert [path.stem for path in NOTEBOOKS] == [
        "01-clean",
        "02-audit",
        "03-growth",
        "04-coverage",
        "05-brief",
    ]


@each
def test_committed_without_outputs_and_with_ids(notebook):
    read = nbformat.read(notebook, 4)
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor) == (
        4,
        5,
    )
    assert read.metadata.kernelspec.name == "python3"
    assert all(
        not cell.outputs and cell.execution_count is None for cell in cells(notebook, "code")
    )
    assert all(not {"papermill", "execution"} & set(cell.metadata) for cell in read.cells)
    assert len({cell.id for cell in read.cells}) == len(read.cells)


@each
def test_begins_with_a_question(notebook):
    assert re.match(r"# [^\n]+\?(\n|$)", cells(notebook)[0].source)


@each
def test_cells_are_few_and_short(notebook):
    count = len(cells(notebook))
    assert 20 <= count <= (50 if notebook.stem == "05-brief" else 40), f"{count} cells"
    lines = {
        cell.id: len(cell.source.splitlines())
        for cell in cells(notebook, "code")
        if "parameters" not in tags(cell)
    }
    assert median(lines.values()) <= 12


@each
def test_computes_no_function_or_class_of_its_own(notebook):
    defined = [
        node.name
        for node in ast.walk(ast.parse(inputs.code(notebook)))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    assert not defined, "these belong into taawun/"


@each
def test_at_most_three_presentation_tags(notebook):
    assert len(set().union(*map(tags, cells(notebook))) - {"parameters"}) <= 3


@each
def test_says_what_it_does_not_show(notebook):
    text = "\n".join(cell.source for cell in cells(notebook))
    assert "not show" in text or "Limits" in text or notebook.stem == "05-brief"


@each
def test_one_parameters_cell_that_papermill_can_explain(notebook):
    assert sum("parameters" in tags(cell) for cell in cells(notebook, "code")) == 1
    explained = papermill.inspect_notebook(str(notebook))
    for parameter in parameters.declared(notebook):
        found = explained[parameter.name]
        assert found["inferred_type_name"] == type(parameter.default).__name__
        assert found["help"].strip() == parameter.help
        assert parameter.help
        assert parameter.read(parameters.shown(parameter.default)) == parameter.default
        assert not re.search("path|file|folder|directory", parameter.name), (
            "a parameter is a choice, never a path"
        )


def test_the_parameters_of_all_notebooks_agree():
    assert {"as_of", "base_year", "horizon", "scenario", "languages"} <= set(
        parameters.known(NOTEBOOKS)
    )


@each
def test_only_the_last_code_cell_writes(notebook):
    *others, last = [cell.source for cell in cells(notebook, "code")]
    assert not [
        source
        for source in others
        if re.search(r"\.to_(csv|parquet|json|excel)\(|\bopen\(|\.write", source)
    ]
    assert set(re.findall(r'PROCESSED / "([^"]+)"', last) if "write" in last else []) == {
        name.partition("/")[2] for name in inputs.writes(notebook)
    }
    assert bool(inputs.writes(notebook)) == (notebook.stem != "05-brief"), "05-brief reads and says"


@each
def test_names_every_table_that_it_reads_or_writes(notebook):
    lines = re.sub(r"(?m)^\s*(?:from|import)\s.*", "", inputs.code(notebook))
    unnamed = re.findall(r'\b(?:RAW|HAND|PROCESSED)\b(?!\s*/\s*"[^"{}]+\.csv")', lines)
    assert not unnamed, (
        'write PROCESSED / "03-growth.csv", so that what depends on what can be read from the '
        "source"
    )


@each
def test_the_makefile_has_the_edges_of_the_notebook(notebook):
    target = (
        re.escape(f"{notebook.stem}.done")
        if notebook.stem != "05-brief"
        else r"\$\(filter 05-brief\.%,\$\(MAKECMDGOALS\)\)"
    )
    line = re.search(rf"(?m)^{target}:(.*)$", MAKEFILE)
    assert line, f"the Makefile has no line for {notebook.stem}"
    assert sorted(line[1].split()) == inputs.reads(notebook)


def test_every_table_that_is_read_is_written_by_the_step_of_its_number():
    written = {name for notebook in NOTEBOOKS for name in inputs.writes(notebook)}
    assert {name for notebook in NOTEBOOKS for name in inputs.reads(notebook)} <= written
    for number in {name.removeprefix("processed/")[:2] for name in written}:
        assert re.search(rf"(?m)^processed/{number}-%\.csv: {number}-\w+\.done ; @:$", MAKEFILE)


def test_delete_on_error_and_nothing_newer_than_make_3_81():
    assert re.search(r"(?m)^\.DELETE_ON_ERROR:$", MAKEFILE)
    assert not re.search(r"(?m)&:|^\.ONESHELL|!=|::=|\$\(file ", MAKEFILE)
    assert len((inputs.ROOT / "Makefile").read_text().splitlines()) <= 80


def test_notebooks_are_plain_json_in_utf_8():
    for notebook in NOTEBOOKS:
        text = notebook.read_text(encoding="utf-8")
        assert json.loads(text) and "\\u06" not in text, "Arabic stands as it is, not as codes"


def test_every_sort_is_stable():
    """Which of two equal rows comes first depends else on the processor's vector units."""
    calls = [
        (path.name, node)
        for path in (*NOTEBOOKS, *inputs.PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(inputs.code(path)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    sorts = [
        (name, node)
        for name, node in calls
        if node.func.attr in ("sort_values", "sort_index", "argsort", "nlargest", "nsmallest")
    ]
    unstable = [
        f"{name}: {ast.unparse(node)[:80]}"
        for name, node in sorts
        if "kind='stable'" not in ast.unparse(node)
    ]
    assert len(sorts) >= 8 and not unstable, unstable
