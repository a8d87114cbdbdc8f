"""What the package hands out by its own name, and what it leaves unloaded."""

import subprocess
import sys

import pytest

import taawun.numbers


def test_the_parser_is_handed_out_by_the_package():
    from taawun.numbers import UnreadableFigure, parse_figure

    assert parse_figure("63.445", "fr").value == 63_445
    assert issubclass(UnreadableFigure, ValueError)


def test_writing_numbers_loads_nothing_that_reads_them():
    code = "import sys, taawun.numbers.formatting; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-E", "-s", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "taawun.numbers.formatting" in loaded
    assert {"taawun.numbers.parser", "taawun.numbers.lexer"}.isdisjoint(loaded)


def test_a_name_that_the_package_does_not_have_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'parse_figures'"):
        _ = taawun.numbers.parse_figures
