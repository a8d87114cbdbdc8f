"""The house's rules for notebooks and for the Makefile's data flow."""

import ast
import json
import re
import subprocess

import nbformat
import papermill
import pytest

from taawun.build import edition, graph, parameters, sources
from taawun.export.document import CONDITIONS
from taawun.paths import PACKAGE, ROOT

NOTEBOOKS = graph.notebooks()
EDITION = edition.open_edition("", {})
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
each = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
#: How many words of Markdown a line of code has at least, where a student reads the arithmetic.
WORDS_A_LINE = {"02-audit": 10, "03-growth": 10, "04-coverage": 10}
#: How many lines a cell may have, and one that draws a figure with its words and its table.
LINES, FIGURE_LINES = 10, 15
#: The notebook whose paragraphs are in its code, since each number of them is: a line of words
#: alone is none of code there.
SPOKEN = "05-brief"
#: How many cells a notebook may have that asks more questions than the others; they have 45. 03
#: asks twenty, each with a table or a figure behind its sentence.
MANY = {"03-growth": 74, "05-brief": 50}


def cells(notebook, kind=None):
    return [cell for cell in nbformat.read(notebook, 4).cells if kind in (None, cell.cell_type)]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def test_the_six_steps_are_there():
    assert [path.stem for path in NOTEBOOKS] == [
        "01-clean",
        "02-audit",
        "03-growth",
        "04-coverage",
        "05-brief",
        "06-readings",
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
    ), (
        "it was saved with outputs; take them out: .venv/bin/jupyter nbconvert --clear-output "
        f"--inplace notebooks/{notebook.name}"
    )
    assert all(not {"papermill", "execution"} & set(cell.metadata) for cell in read.cells)
    assert len({cell.id for cell in read.cells}) == len(read.cells)


@each
def test_begins_with_a_question(notebook):
    assert re.match(r"# [^\n]+\?(\n|$)", cells(notebook)[0].source)


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


@each
def test_cells_are_few_and_short(notebook):
    count = len(cells(notebook))
    assert 20 <= count <= MANY.get(notebook.stem, 45), f"{count} cells"


@each
def test_a_cell_of_code_is_a_thought(notebook):
    words = r'\s*".*",?' if notebook.stem == SPOKEN else "(?!)"
    counts = {
        cell.id: len([line for line in lines(cell) if not re.fullmatch(words, line)])
        for cell in cells(notebook, "code")
    }
    figures = {cell.id for cell in cells(notebook, "code") if "say.figure(" in cell.source}
    assert not {
        name: count
        for name, count in counts.items()
        if count > (FIGURE_LINES if name in figures else LINES)
    }


@each
def test_no_line_of_code_is_wider_than_a_page(notebook):
    wide = [line for cell in cells(notebook, "code") for line in lines(cell) if len(line) > 100]
    assert not wide


@pytest.mark.parametrize(("stem", "least"), WORDS_A_LINE.items())
def test_the_text_says_what_the_code_does(stem, least):
    (notebook,) = [path for path in NOTEBOOKS if path.stem == stem]
    words = sum(len(cell.source.split()) for cell in cells(notebook, "markdown"))
    assert words >= least * sum(len(lines(cell)) for cell in cells(notebook, "code"))


@each
def test_the_ledger_is_called_so(notebook):
    assert set(re.findall(r"(\w+) = Ledger\b", sources.code(notebook))) <= {"ledger"}


@each
def test_fields_are_not_put_together_by_hand(notebook):
    assert not re.search(r"""\{%s\}|["']\{["'] \+|\{\{\{""", sources.code(notebook)), (
        "name the columns in `link`, or take say.field(name)"
    )


@each
def test_computes_no_function_or_class_of_its_own(notebook):
    defined = [
        node.name
        for node in ast.walk(ast.parse(sources.code(notebook)))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    assert not defined, "these belong into taawun/"


@each
def test_has_no_function_without_a_name(notebook):
    nodes = ast.walk(ast.parse(sources.code(notebook)))
    assert not [ast.unparse(node) for node in nodes if isinstance(node, ast.Lambda)]


@each
def test_at_most_four_presentation_tags(notebook):
    given = set().union(*map(tags, cells(notebook))) - {"parameters"}
    assert len({tag for tag in given if tag.partition("-")[0] not in CONDITIONS}) <= 4


@each
def test_headings_are_markdown(notebook):
    said = [cell.id for cell in cells(notebook, "code") if re.search(r"""["']#+ """, cell.source)]
    assert not said, "a heading is a Markdown cell; a tag needs-<name> says on what it depends"


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
        assert parameter.parse(parameters.as_typed(parameter.default)) == parameter.default
        assert not re.search("path|file|folder|directory", parameter.name), (
            "a parameter is a choice, never a path"
        )


def test_the_parameters_of_all_notebooks_agree():
    assert {"as_of", "base_year", "horizon", "scenario", "languages"} <= set(
        parameters.available(NOTEBOOKS)
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
        name.partition("/")[2] for name in graph.writes(notebook)
    }
    assert bool(graph.writes(notebook)) == (notebook.stem != "05-brief"), "05-brief reads and says"


@each
def test_names_every_table_that_it_reads_or_writes(notebook):
    lines = re.sub(r"(?m)^\s*(?:from|import)\s.*", "", sources.code(notebook))
    unnamed = re.findall(r'\b(?:RAW|HAND|PROCESSED)\b(?!\s*/\s*"[^"{}]+\.csv")', lines)
    assert not unnamed, (
        'write PROCESSED / "03-growth.csv", so that what depends on what can be read from the '
        "source"
    )


@each
def test_figures_are_called_by_their_readable_names(notebook):
    sources = "\n".join(cell.source for cell in cells(notebook))
    assert not re.findall(r"""\{[A-Z]\d{2,3}[a-z]?[:}]|["'][A-Z]\d{2,3}[a-z]?["']""", sources)


def test_every_table_that_is_read_is_written_by_the_step_of_its_number():
    written = {name for notebook in NOTEBOOKS for name in graph.writes(notebook)}
    read = {name for notebook in NOTEBOOKS for name in graph.reads(notebook)}
    assert read <= written
    numbers = {notebook.name[:2] for notebook in NOTEBOOKS}
    assert {name.removeprefix("processed/")[:2] for name in written} <= numbers


def test_the_makefile_draws_the_flow_that_the_notebooks_have():
    (drawn,) = re.findall(r"(?m)^# +(.* -> .*)$", MAKEFILE)
    assert drawn == graph.diagram(EDITION)
    edges = graph.flow(EDITION)
    assert edges["01-clean"] == []
    assert edges["02-audit"] == edges["03-growth"] == edges["04-coverage"] == ["01-clean"]
    assert edges["05-brief.ar"] == ["01-clean", "02-audit", "03-growth", "04-coverage"]


def test_the_makefile_has_a_target_a_step_and_fits_on_a_screen():
    assert len(MAKEFILE.splitlines()) <= 50
    assert max(map(len, MAKEFILE.splitlines())) <= 100
    done = subprocess.run(
        ["make", "-pqrR", "help"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    targets = set(re.search(r"(?m)^\.PHONY: (.*)$", done.stdout)[1].split())
    wanted = [
        "report",
        "test",
        "test-all",
        "why",
        "verify",
        "bench",
        "lab",
        "lock",
        "clean",
        "help",
    ]
    assert {*wanted, *(path.stem for path in NOTEBOOKS)} <= targets


def test_nothing_newer_than_make_3_81():
    settings = (ROOT / "tools/settings.mk").read_text(encoding="utf-8")
    assert not re.search(r"(?m)&:|^\.ONESHELL|!=|::=|\$\(file ", MAKEFILE + settings)


def test_notebooks_are_plain_json_in_utf_8():
    for notebook in NOTEBOOKS:
        text = notebook.read_text(encoding="utf-8")
        assert json.loads(text)
        assert "\\u06" not in text, "Arabic stands as it is, not as codes"


SORTS = "sort_values|sort_index|argsort|nlargest|nsmallest"


def sorts(code):
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    called = [node for node in calls if isinstance(node.func, ast.Attribute)]
    return [node for node in called if re.fullmatch(SORTS, node.func.attr)]


def unstable(code):
    return [
        ast.unparse(node)[-80:]
        for node in sorts(code)
        if "kind='stable'" not in [ast.unparse(keyword) for keyword in node.keywords]
    ]


def test_every_sort_is_stable():
    """Which of two equal rows comes first depends else on the processor's vector units."""
    read = {path.name: sources.code(path) for path in (*NOTEBOOKS, *PACKAGE.rglob("*.py"))}
    assert not {name: unstable(code) for name, code in read.items() if unstable(code)}
    seen = {name: len(sorts(code)) for name, code in read.items()}
    assert seen == {name: len(re.findall(rf"\.(?:{SORTS})\(", code)) for name, code in read.items()}
    assert {"01-clean.ipynb", "growth.py", "layout.py"} <= {name for name in seen if seen[name]}


def test_a_sort_that_is_not_stable_is_seen():
    assert unstable('a.sort_values("n", kind="stable").sort_values("n")')
    assert unstable("a.nlargest(3)")
    assert not unstable('a.sort_values(\n    "n",\n    kind="stable"\n)')
