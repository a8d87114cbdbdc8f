"""The benchmarks still do the work that they time."""

import importlib
import shutil

import nbformat
import pytest

from taawun.paths import PROCESSED, ROOT


@pytest.fixture
def benchmark(monkeypatch):
    """A module of the benchmarks by name."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module


def test_what_is_changed_in_a_copy_of_the_project_stands_there_once(benchmark):
    for name, words, other in benchmark("bench").CHANGES.values():
        assert (ROOT / name).read_text(encoding="utf-8").count(words) == 1
        assert other not in (ROOT / name).read_text(encoding="utf-8")
    for name, words, _ in (benchmark("watch").SENTENCE, benchmark("watch").FIGURE):
        assert words in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("step", ["02-audit", "04-coverage"])
def test_a_plain_script_shows_what_the_report_shows(step, benchmark, monkeypatch, tmp_path):
    tables = tmp_path / "processed"
    shutil.copytree(PROCESSED, tables)
    monkeypatch.setattr("taawun.paths.PROCESSED", tables)
    plain = benchmark("floor").execute(nbformat.read(ROOT / f"notebooks/{step}.ipynb", 4), {})
    built = nbformat.read(ROOT / f"build/published/notebooks/{step}.ipynb", 4)
    code = [
        [
            [getattr(output, "text", "") or sorted(output.data) for output in cell.outputs]
            for cell in notebook.cells
            if cell.cell_type == "code"
        ]
        for notebook in (plain, built)
    ]
    assert code[0] == code[1]
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == {
        path.name: path.read_bytes() for path in PROCESSED.iterdir()
    }
