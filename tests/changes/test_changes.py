"""What moved between two editions is named with its cause, and the parts add up to the change."""

import json
import math
import shutil
import tarfile
from pathlib import Path

import pandas as pd
import pytest

from taawun.build import graph, parameters
from taawun.build.edition import PUBLISHED, open_edition
from taawun.changes import causes
from taawun.changes.__main__ import compare, main
from taawun.changes.causes import Cause
from taawun.changes.edition import quantity
from taawun.changes.moves import World
from taawun.changes.page import Teller, data, languages
from taawun.changes.sentences import FAILS, SILENT, STANDS, WORD, turned
from taawun.ledger import COLUMNS
from taawun.paths import ROOT
from taawun.report.translation import SHIPPED, catalogue
from taawun.tables import read_made, read_table, write_table

open_edition("", {})
STEP = next(step for step in graph.steps(PUBLISHED) if graph.arguments(step, PUBLISHED) == {})[:2]
FIGURES = {
    "members": ("778,000", 778_000, 0, "2025-06-30"),
    "women": ("267,953", 267_953, 0, "2025-06-30"),
    "men": ("about 510,000", 510_000, 5_000, "2025-06-30"),
    "stock_2020": ("40,531", 40_531, 0, "2020-12-31"),
    "stock_2015": ("15,735", 15_735, 0, "2015-12-31"),
    "stock_2025": ("65,315", 65_315, 0, "2025-12-31"),
}
RESULTS = {
    "share": "percent(women / members)",
    "gap": "members - women - men",
    "change": "stock_2025 - stock_2020",
    "rate": "percent((stock_2025 / stock_2020) ** 0.2 - 1)",
    "doubled": "share * 2",
}


def row(name, value, low, high, **cells):
    told = {"id": name, "label": f"the {name}", "unit": "count", "qualifier": "exact"}
    number = {"value": value, "low": low, "high": high}
    return dict.fromkeys(COLUMNS, "") | told | number | cells


class Made:
    """An edition in a folder that a test edits: figures by column, the ledgers by id."""

    def __init__(self, project, tables=None):
        self.project = project
        self.tables = tables or project / "data/processed"

    def begin(self):
        for name in ("data/hand", "notebooks"):
            shutil.copytree(ROOT / name, self.project / name)
        self.tables.mkdir(parents=True)
        figures, rows = [], []
        for name, (words, value, half, date) in FIGURES.items():
            told = {"figure_id": name, "as_printed": words, "language": "en", "read_as": ""}
            figures.append(told | {"period_end": date, "public": "True", "published": date})
            number = [float(value), float(value - half), float(value + half)]
            rows.append(row(name, *number, date=date))
        for name, formula in RESULTS.items():
            rows.append(row(name, 0.0, 0.0, 0.0, formula=formula))
        self.figures = pd.DataFrame(figures)
        self.rows = pd.DataFrame(rows, columns=COLUMNS).set_index("id", drop=False)
        return self.write()

    def copied(self, place, tables=None):
        shutil.copytree(self.project, place)
        other = Made(place, tables)
        other.figures, other.rows = self.figures.copy(), self.rows.copy()
        return other

    def edit(self, figure, **cells):
        self.figures.loc[self.figures["figure_id"] == figure, list(cells)] = list(cells.values())

    def number(self, name, value, half=0):
        self.rows.loc[name, ["value", "low", "high"]] = [value, value - half, value + half]

    def write(self):
        """Compute the results anew from their formulas, and write all tables."""
        self.tables.mkdir(parents=True, exist_ok=True)
        self.rows["inputs"] = [" ".join(causes.needs(f or "0")) for f in self.rows["formula"]]
        ledger = self.rows.assign(step=STEP, figure_id="")
        printed = ledger["formula"] == ""
        ledger.loc[printed, "figure_id"] = ledger.loc[printed, "id"]
        write_table(ledger, self.tables / "01-ledger.csv")
        read = read_table(self.tables / "01-ledger.csv").to_dict("records")
        world = World({row["id"]: row for row in read})
        for name in self.rows.index[self.rows["formula"] != ""]:
            found = world[name]
            ends = [found.value, found.low, found.high]
            ledger.loc[name, ["value", "low", "high", "unit"]] = [*ends, found.unit]
        write_table(ledger, self.tables / "01-ledger.csv")
        write_table(self.figures, self.tables / "01-figures.csv")
        return self


@pytest.fixture
def old(tmp_path):
    return Made(tmp_path / "old").begin()


@pytest.fixture
def new(old, tmp_path):
    return old.copied(tmp_path / "new")


def hand_table():
    """A table typed by hand that the step of the results reads."""
    names = graph.inputs(next(s for s in graph.steps(PUBLISHED) if s[:2] == STEP), PUBLISHED)
    return next(name for name in names if name.startswith("data/hand/"))


def words(new):
    new.edit("women", as_printed="more than 280,000")
    new.number("women", 280_000)


def bounds(new):
    new.number("men", 510_000, half=500)


def reader(new):
    new.number("members", 778_654)


def reading(new):
    new.edit("members", read_as="770,000 members")
    new.number("members", 770_000)


def added(new):
    row = new.figures.iloc[[0]].assign(figure_id="stock_2026", as_printed="70,000")
    new.figures = pd.concat([new.figures, row])
    new.rows.loc["stock_2026"] = new.rows.loc["stock_2025"]
    new.rows.loc["stock_2026", "id"] = "stock_2026"
    new.number("stock_2026", 70_000)
    new.rows.loc["change", "formula"] = "stock_2026 - stock_2020"


def taken_out(new):
    new.figures = new.figures[new.figures["figure_id"] != "stock_2020"]
    new.rows = new.rows.drop("stock_2020")
    new.rows.loc["change", "formula"] = "stock_2025 - stock_2015"
    new.rows.loc["rate", "formula"] = "percent((stock_2025 / stock_2015) ** 0.1 - 1)"


def dated(new):
    new.edit("stock_2020", period_end="2021-12-31")
    new.rows.loc["rate", "formula"] = "percent((stock_2025 / stock_2020) ** 0.25 - 1)"


def formula(new):
    new.rows.loc["share", "formula"] = "percent(women / (women + men))"
    (notebook,) = (new.project / "notebooks").glob(f"{STEP}-*")
    notebook.write_text(notebook.read_text(encoding="utf-8") + " ", encoding="utf-8")


def typed(new):
    path = new.project / hand_table()
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:1], *lines[2:]]), encoding="utf-8")
    new.rows.loc["change", "formula"] = "stock_2025 - stock_2015"


def key_of_the_typed_row():
    return f"{hand_table()}: {read_table(ROOT / hand_table()).iloc[0, 0]}"


WOMEN = Cause(causes.WORDS, "women", "267,953", "more than 280,000")
SHARE = Cause(causes.FORMULA, "share", RESULTS["share"], "percent(women / (women + men))")
REDATED = Cause(causes.DATE, "stock_2020", "2020-12-31", "2021-12-31")
READ = Cause(causes.CHOICE, "members", "", "770,000 members")
MEMBERS = Cause(causes.CODE, "members", "778000", "778654")
SEEDED = {
    "words": ([words], {"share": [WOMEN], "gap": [WOMEN], "doubled": [WOMEN]}),
    "added": ([added], {"change": [Cause(causes.ADDED, "stock_2026", "", "70,000")]}),
    "taken out": (
        [taken_out],
        {name: [Cause(causes.GONE, "stock_2020", "40,531")] for name in ("change", "rate")},
    ),
    "choice of a reading": (
        [reading],
        {name: [READ] for name in ("share", "gap")},
    ),
    "choice of a row": ([typed], {"change": [Cause(causes.CHOICE, key_of_the_typed_row())]}),
    "date": (
        [dated],
        {"rate": [REDATED]},
    ),
    "formula": ([formula], {"share": [SHARE], "doubled": [SHARE]}),
    "bounds": (
        [bounds],
        {
            "gap": [
                Cause(causes.BOUNDS, "men", "510000 (505000 … 515000)", "510000 (509500 … 510500)")
            ]
        },
    ),
    "code": ([reader], {"share": [MEMBERS], "gap": [MEMBERS]}),
    "date and choice": (
        [dated, typed],
        {"rate": [REDATED], "change": [Cause(causes.CHOICE, key_of_the_typed_row())]},
    ),
    "words and formula": ([words, formula], {"share": [SHARE, WOMEN], "gap": [WOMEN]}),
    "words and code": ([words, reader], {"share": [WOMEN, MEMBERS], "doubled": [WOMEN, MEMBERS]}),
}


def parts(move):
    """The causes of a move, but for what several make together."""
    return {part.cause for part in move.parts if part.cause.kind != causes.TOGETHER}


def adds_up(move):
    for end in ("value", "low", "high"):
        was, now = getattr(move.was, end), getattr(move.now, end)
        total = sum(getattr(part.adds, end) for part in move.parts)
        assert total == pytest.approx(now - was, rel=1e-9, abs=1e-9 * max(abs(was), abs(now)))


@pytest.mark.parametrize("edit", SEEDED)
def test_each_edit_is_named_and_its_parts_add_up(edit, old, new):
    edits, expected = SEEDED[edit]
    for one in edits:
        one(new)
    new.write()
    moved = {move.name: move for move in compare(str(old.project), str(new.project)).moves}
    for name, found in expected.items():
        assert parts(moved[name]) == set(found)
        adds_up(moved[name])
        has_several = any(part.cause.kind == causes.TOGETHER for part in moved[name].parts)
        assert has_several == (len(found) > 1)
    assert moved.keys() & RESULTS.keys() >= expected.keys()


def test_a_parameter_is_named_from_and_to(old, tmp_path):
    (notebook,) = (path for path in graph.notebooks() if path.name.startswith(STEP))
    declared = [p for p in parameters.declared(notebook) if not isinstance(p.default, bool)]
    parameter = declared[0] if declared else parameters.declared(notebook)[0]
    folder = tmp_path / f"{parameter.name}=other"
    new = old.copied(folder, folder / "processed")
    shutil.rmtree(folder / "data")
    new.rows.loc["change", "formula"] = "stock_2025 - stock_2015"
    new.write()
    (moved,) = compare(str(old.project), str(folder)).moves
    said = f"{parameter.name} {parameters.as_typed(parameter.default)} → other"
    assert parts(moved) == {Cause(causes.CHOICE, said)}
    adds_up(moved)


def test_what_was_not_yet_published_is_a_date(old, tmp_path):
    folder = tmp_path / "as_of=2025-12-01"
    new = old.copied(folder, folder / "processed")
    shutil.rmtree(folder / "data")
    new.edit("stock_2025", public="False")
    new.number("stock_2025", math.nan)
    new.rows.loc["change", "formula"] = "stock_2020 - stock_2015"
    new.write()
    moved = {move.name: move for move in compare(str(old.project), str(folder)).moves}
    default = {p.name: p.default for path in graph.notebooks() for p in parameters.declared(path)}
    given = f"as_of {default['as_of']} → 2025-12-01"
    assert moved.keys() == {"stock_2025", "change", "rate"}
    assert [parts(move) for move in moved.values()] == [{Cause(causes.DATE, given)}] * 3
    adds_up(moved["change"])


def test_a_result_that_its_formula_does_not_give_moved_by_code_alone(old, new):
    path = old.tables / "01-ledger.csv"
    table = read_made(path)
    table.loc[table["id"] == "rate", ["value", "low", "high"]] *= 1.01
    write_table(table, path)
    (moved,) = compare(str(old.project), str(new.write().project)).moves
    assert parts(moved) == {Cause(causes.CODE, "rate")}
    adds_up(moved)


def test_identical_editions_print_nothing(old, new, capsys):
    assert main(str(old.project), str(new.write().project)) == 0
    assert capsys.readouterr().out == ""


def test_an_archive_is_read_like_its_folder(old, new, tmp_path):
    words(new)
    new.write()
    with tarfile.open(tmp_path / "old.tar.gz", "w:gz") as archive:
        archive.add(old.project, "edition-1.0")
    moved = compare(str(tmp_path / "old.tar.gz"), str(new.project)).moves
    assert [move.name for move in moved] == ["women", "share", "gap", "doubled"]


def test_figures_that_have_other_names_are_found_by_their_ids(old, new):
    path = old.tables / "01-ledger.csv"
    text = path.read_text(encoding="utf-8").replace("women", "W01")
    path.write_text(text.replace(",W01\n", ",women\n"), encoding="utf-8")
    words(new)
    moved = {move.name: move for move in compare(str(old.project), str(new.write().project)).moves}
    assert parts(moved["share"]) == {WOMEN}


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("no-such-tag", "OLD=no-such-tag is not accepted; accepted: a folder"),
        ("{tmp}", "there is no ledger in it; accepted: a folder"),
        ("", "make changes OLD="),
    ],
)
def test_what_is_no_edition_is_refused_with_what_is_accepted(named, said, tmp_path, capsys):
    assert main(named.format(tmp=tmp_path)) == 1
    assert said in capsys.readouterr().err


def test_an_edition_with_other_numbers_is_refused_with_how_many_are_known(old, new, capsys):
    new.rows = new.rows.rename(index="other_{}".format)
    new.rows["id"] = new.rows.index
    new.rows["formula"] = ""
    new.write()
    assert main(str(old.project), str(new.project)) == 1
    assert "only 0 of its 11 numbers have a name" in capsys.readouterr().err


def test_a_ledger_without_a_needed_column_is_refused(old, new, capsys):
    path = old.tables / "01-ledger.csv"
    write_table(read_table(path).drop(columns="formula"), path)
    assert main(str(old.project), str(new.write().project)) == 1
    assert "its ledger has no column formula" in capsys.readouterr().err


NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {
            "cell_type": "code",
            "id": "said",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": 'say("{gap:Above|Below} {members}.", "{women} of {stock_2025}.", '
            '"Less than {men}.{women < men:if}", "More than {men}.{women > men:if}")',
        }
    ],
}


def test_sentences_turn_in_four_ways_and_come_first(old, new):
    name = graph.notebooks()[-1].name
    for project in (old.project, new.project):
        (project / "notebooks" / name).write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    new.edit("women", as_printed="600,000")
    new.number("women", 600_000)
    new.number("members", 2_000_000)
    new.edit("stock_2025", public="False")
    new.number("stock_2025", math.nan)
    old.number("men", 520_000)
    old.write()
    changes = compare(str(old.project), str(new.write().project))
    assert [(said.how, said.why) for said in changes.turned] == [
        (WORD, "Below → Above"),
        (SILENT, "stock_2025"),
        (FAILS, "women < men"),
        (STANDS, ""),
    ]
    first, second, third, fourth = list(Teller(changes).lines())[:4]
    assert first == "- says another word: «Above 2,000,000.» (Below → Above)"
    assert second == "- falls silent: a number is not there: «267,953 of 65,315.» (stock_2025)"
    assert third == "- holds no longer: «Less than 520,000.» (women < men)"
    assert fourth == "- stands now: «More than 510,000.»"
    same = list(turned(changes.new, changes.new))
    assert same == []


def test_pages_lines_and_data_say_the_same(old, new):
    words(new)
    changes = compare(str(old.project), str(new.write().project))
    told = data(changes)
    assert [entry["id"] for entry in told["moved"]] == ["women", "share", "gap", "doubled"]
    (part,) = told["moved"][1]["parts"]
    assert part["adds"]["value"] == pytest.approx(100 * (280_000 - 267_953) / 778_000)
    json.dumps(told, allow_nan=False)
    for language in languages():
        page = Teller(changes, language).page()
        assert f'lang="{language}"' in page
        assert "⟦" not in page
        if language != "en":
            assert Teller(changes, language).word(causes.WORDS) != causes.WORDS


def test_a_label_names_its_days(old, new):
    said = {"label": "change, {start} to {date}", "start": "2020-12-31", "date": "2025-06-30"}
    teller = Teller(compare(str(old.project), str(new.write().project)))
    found = quantity(row("change", 9.0, 9.0, 9.0, **said))
    assert teller.label(found) == "change, 31 December 2020 to 30 June 2025"


def test_every_word_of_the_page_has_its_translation():
    source = (Path(causes.__file__).parent / "changes.html").read_text(encoding="utf-8")
    said = [part.split('")')[0] for part in source.split('_("')[1:]]
    kinds = [getattr(causes, name) for name in dir(causes) if name.isupper()]
    said += [word for word in kinds if isinstance(word, str)] + [WORD, SILENT, FAILS, STANDS]
    for language in languages()[1:]:
        missing = [text for text in said if text not in catalogue(SHIPPED, language)]
        assert missing == []
