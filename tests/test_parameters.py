"""Every accepted value of every parameter builds a whole report, alone and beside any other:
without words left untranslated or dead links, and with a difference that can be read.
"""

import itertools
import os
import random
import re
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup

from taawun.build import graph, parameters
from taawun.paths import ROOT

DECLARED = parameters.available(graph.notebooks())
#: A few days of the reader; all of them are tried in test_as_of.
DAYS = ["2008-06-01", "2016-07-01", "2019-12-01", "2021-06-01", "2022-09-01", "2024-08-01"]
DAYS += ["2025-03-01", "2025-10-01", "2026-01-25"]


def values(parameter):
    """All values that a parameter accepts, as they are typed; of days a few."""
    if parameter.name == "languages":
        some = range(1, len(parameter.options) + 1)
        return [",".join(s) for n in some for s in itertools.combinations(parameter.options, n)]
    if bounds := re.search(r"from (\d+) to (\d+)", parameter.rule):
        return [str(year) for year in range(int(bounds[1]), int(bounds[2]) + 1)]
    if "an ISO date" in parameter.rule:
        return DAYS
    return parameter.options or ["True", "False"]


def covering(choices, seed=1):
    """Few sets of one value of each parameter, such that any two values of two stand together in
    one: each set takes, of fifty at random, that with the most pairs that are still missing.
    """
    draw, names = random.Random(seed), list(choices)
    missing = {
        ((one, a), (other, b))
        for one, other in itertools.combinations(names, 2)
        for a in choices[one]
        for b in choices[other]
    }
    while missing:
        fixed = dict(draw.choice(sorted(missing)))
        tried = [
            {name: fixed.get(name) or draw.choice(choices[name]) for name in names}
            for _ in range(50)
        ]
        best = max(tried, key=lambda row: len(missing & pairs(row)))
        missing -= pairs(best)
        yield best


def pairs(row):
    return set(itertools.combinations(row.items(), 2))


def few(parameter):
    """Some values of a parameter: of years the ends and what lies between, of the rest all."""
    every = values(parameter)
    return every if len(every) < 10 else [every[i * (len(every) - 1) // 4] for i in range(5)]


ALONE = [
    (name, value)
    for name, one in DECLARED.items()
    for value in values(one)
    if name != "as_of" and one.parse(value) != one.default
]
TOGETHER = list(covering({name: few(one) for name, one in DECLARED.items()}))


def report(row):
    """The pages of an experiment by name; it leaves nothing."""
    typed = [f"{name.upper()}={value}" for name, value in row.items()]
    before = {path.name for path in (ROOT / "reports").glob("*=*")}
    build = [".venv/bin/python", "-E", "-s", "-S", "-m", "taawun.build", "report"]
    given = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    made = subprocess.run(
        [*build, *map(str.upper, row)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=given | dict(one.split("=", 1) for one in typed),
    )
    assert made.returncode == 0, f"{' '.join(typed)}: {made.stderr}"
    new = [path for path in (ROOT / "reports").glob("*=*") if path.name not in before]
    if not new:
        return {}
    (folder,) = new
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    files = {path.name for path in folder.iterdir()}
    for place in ("reports", "build"):
        shutil.rmtree(ROOT / place / folder.name)
    return pages | {"": files}


def faults(pages):
    """What is wrong with the pages of an experiment: words that nobody translated, dead links."""
    files = pages.pop("", set())
    for name, page in pages.items():
        yield from (f"{name}: {words}" for words in re.findall("⟦.*?⟧", page))
        links = re.findall(r'<a [^>]*href="([\w.-]+\.(?:html|pdf|csv|docx))', page)
        yield from (f"{name}: no {link}" for link in sorted(set(links) - files))


def words_of(page):
    return BeautifulSoup(page, "html.parser").get_text(" ")


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "value"), ALONE)
def test_every_value_of_a_parameter_builds_a_whole_report(name, value):
    assert not list(faults(report({name: value})))


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize("row", TOGETHER, ids=lambda row: ",".join(row.values()))
def test_any_two_values_of_two_parameters_build_a_whole_report(row):
    assert not list(faults(report(row)))


OTHER = {"as_of": "2025-10-01", "languages": "ar"}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DECLARED))
def test_every_parameter_changes_what_can_be_read(name):
    one = DECLARED[name]
    value = OTHER.get(name) or next(v for v in reversed(values(one)) if one.parse(v) != one.default)
    pages = report({name: value})
    assert not list(faults(dict(pages)))
    published = {path.name: path.read_text("utf-8") for path in (ROOT / "reports").glob("*.html")}
    pages.pop("")
    assert {
        page
        for page in published
        if page not in pages or words_of(pages[page]) != words_of(published[page])
    } - {"verification.html"}


def test_the_sets_hold_every_pair_of_values_and_are_few():
    choices = {"a": ["1", "2", "3"], "b": ["x", "y"], "c": ["p", "q", "r", "s"]}
    rows = list(covering(choices))
    wanted = {
        ((one, a), (other, b))
        for one, other in itertools.combinations(choices, 2)
        for a in choices[one]
        for b in choices[other]
    }
    assert set().union(*map(pairs, rows)) == wanted
    assert 12 <= len(rows) < 24
    assert len(TOGETHER) < 150
