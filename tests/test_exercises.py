"""The exercises: as handed out each fails its check, with its solution it passes."""

import re
from contextlib import nullcontext, suppress

import nbformat
import pytest

from taawun.exercises import Answer
from taawun.messages import Refused
from taawun.paths import ROOT

FOLDER = ROOT / "notebooks" / "exercises"
EXERCISES = sorted(FOLDER.glob("0[1-6]-*.ipynb"))
SOLUTIONS = {
    re.search(r"^## (\S+)", cell.source)[1]: re.search(r"```python\n(.*?)\n```", cell.source, re.S)[
        1
    ]
    for cell in nbformat.read(FOLDER / "solutions.ipynb", 4).cells[1:]
}
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda path: path.stem)


def run(path, change=None, goes_on=False):
    """What the check says, every cell run in order, the one to be changed as it is or replaced; the
    next one also behind one that is refused, if a person `goes_on`.
    """
    names, answer = {}, None
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type != "code":
            continue
        tags = cell.metadata.get("tags", [])
        source = change if change and "change" in tags else cell.source
        if "check" in tags:
            *before, last = source.rsplit("\ncheck.", 1)
            exec("\n".join(before), names) if before else None
            answer = eval(f"check.{last}" if before else last, names)
        else:
            with suppress(Refused) if goes_on else nullcontext():
                exec(source, names)
    return answer


def test_there_are_six_and_a_solution_for_each():
    assert len(EXERCISES) == 6
    assert list(SOLUTIONS) == [path.stem for path in EXERCISES]


@each
def test_as_handed_out_it_fails_its_check_in_a_sentence(exercise):
    answer = run(exercise)
    assert isinstance(answer, Answer)
    assert not answer.right
    assert re.match(r"Not yet: .{20,}\.$", repr(answer))


@each
def test_with_its_solution_it_passes_its_check(exercise):
    answer = run(exercise, SOLUTIONS[exercise.stem])
    assert answer.right, answer
    assert re.match(r"(?s)Right: .{20,}", repr(answer))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_handed_out_without_outputs_with_a_question_and_its_parts(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    assert notebook.cells[0].source.startswith("# ")
    assert notebook.cells[0].source.splitlines()[0].endswith("?")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    if path in EXERCISES:
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        parts = re.findall(r"(?m)^## (.*)$", text)
        assert parts == ["Predict", "Change", "Look", "Check", "What this does not show"]


def test_first_notebook_runs_from_top_to_bottom():
    names = {}
    code = [c for c in nbformat.read(FOLDER / "00-start.ipynb", 4).cells if c.cell_type == "code"]
    assert len(code) <= 10
    for cell in code:
        exec(cell.source, names)


@pytest.mark.parametrize(
    ("exercise", "change", "said"),
    [
        ("01-read-a-figure", "value, low, high = 878_000, 878_000, 878_999", "high is not 878,999"),
        ("01-read-a-figure", "value, low, high = 878, 878, 879", "a thousand times as many"),
        ("01-read-a-figure", "value, low, high = '878000', 1, 2", "low is not 1, high is not 2"),
        (
            "01-read-a-figure",
            "value, low, high = 'many', 1, 2",
            "'many', and no number: write it in",
        ),
        ("01-read-a-figure", "value, low, high = (878, 0), 1, 2", "without a comma between thous"),
        ("01-read-a-figure", "value, low, high = None, 1, 2", "value is None, and no number"),
        ("01-read-a-figure", "value, low, high = 878, 878, 878", "up to one place above it"),
        ("02-widen-a-hedge", "high = 150_000", "fails with less, too"),
        ("02-widen-a-hedge", "high = 80_000", "still holds"),
        ("02-widen-a-hedge", "high = 60_000", "an upper end is not below what is printed"),
        ("02-widen-a-hedge", "high = 134", "a thousand times as many"),
        ("02-widen-a-hedge", "high = 134, 000", "without a comma between thousands"),
        ("03-pick-the-other-count", "expected = 4_515", "with the other sign"),
        ("03-pick-the-other-count", "expected = 5_485", "is not what follows"),
        ("03-pick-the-other-count", "expected = -4.5", "a thousand times as many"),
        ("03-pick-the-other-count", "expected = 'less'", "write it in digits"),
        ("04-date-a-break", 'cut = "2024-12-23"', "does not hold"),
        ("04-date-a-break", 'cut = "2030-01-01"', "takes a count on either side"),
        ("04-date-a-break", 'cut = "2015-06-30"', "takes a count on either side"),
        ("05-find-the-mistake", 'suspect = "register_created_2010"', "is as printed"),
        ("05-find-the-mistake", "suspect = 909", "909 is as printed"),
        ("05-find-the-mistake", 'suspect = "register_created_2110"', "name one of"),
        ("05-find-the-mistake", "suspect = 281", "name one of"),
        ("05-find-the-mistake", "suspect = None", "name one of"),
        ("06-survive-all-readings", 'mine = "Nothing."', "claims nothing"),
        ("06-survive-all-readings", 'mine = "{created_2020 > 0:if}"', "no words"),
        (
            "06-survive-all-readings",
            'mine = "One.{created_2020 > 1:if}"',
            "compares no two numbers",
        ),
        (
            "06-survive-all-readings",
            'mine = "Some.{members_per_coop_200812 > 0:if}"',
            "compares no two numbers",
        ),
        *(
            ("06-survive-all-readings", f'mine = "It {field}."', "compares no two numbers")
            for field in (
                "{members_per_coop_202511 ? members_per_coop_200812:moved|moved}",
                "{members_per_coop_202511 ? members_per_coop_202511:rose|did not|fell}",
                "{members_per_coop_200812:rose|fell}",
                "is{created_2020 + stock_202006_202012_change > created_2020:if}",
            )
        ),
    ],
)
def test_another_wrong_answer_is_told_why(exercise, change, said):
    answer = run(FOLDER / f"{exercise}.ipynb", change, goes_on=True)
    assert not answer.right
    assert said in answer.sentence


@pytest.mark.parametrize(
    ("exercise", "change"),
    [
        ("01-read-a-figure", "value, low, high = '878,000', '878.000', '879 000'"),
        ("01-read-a-figure", "value, low, high = 878e3, '٨٧٨٠٠٠', '٨٧٩٬٠٠٠'"),
        ("01-read-a-figure", "import numpy\nvalue, low, high = *2 * [numpy.int64(878000)], 879000"),
        ("02-widen-a-hedge", "high = 133_977"),
        ("03-pick-the-other-count", "expected = -4_000"),
        ("03-pick-the-other-count", "expected = '−4 515'"),
        (
            "03-pick-the-other-count",
            "from taawun.quantity import constant\n"
            "expected = constant(30_000, 'cooperatives') - ledger['register_stock_2020_06']",
        ),
        ("04-date-a-break", "cut = '2020-06'"),
        ("04-date-a-break", "cut = 2020"),
        ("04-date-a-break", "import datetime\ncut = datetime.date(2020, 6, 30)"),
        ("05-find-the-mistake", "suspect = 1520"),
        ("05-find-the-mistake", "suspect = '1,520'"),
        ("05-find-the-mistake", "suspect = 1250"),
        ("05-find-the-mistake", "suspect = ledger['register_created_2011']"),
        ("05-find-the-mistake", "suspect = 2011"),
        (
            "06-survive-all-readings",
            'mine = "الانخفاض.{members_per_coop_202511 ? members_per_coop_200812:rose|fell}"',
        ),
    ],
)
def test_another_right_answer_is_taken(exercise, change):
    assert run(FOLDER / f"{exercise}.ipynb", change).right


@pytest.mark.parametrize("cut", ["31/12/2020", "2020-6-30", " 2020-06-30", "2020-06-31", None, ...])
def test_what_is_no_date_is_refused_with_what_would_be(cut):
    with pytest.raises(Refused, match=r"such as 2025, 2025-06 or 2025-06-30"):
        run(FOLDER / "04-date-a-break.ipynb", f"cut = {cut!r}".replace("Ellipsis", "..."))


@pytest.mark.parametrize(
    ("exercise", "change", "said"),
    [
        (
            "03-pick-the-other-count",
            "expected = 30_000 - ledger['register_stock_2020_06']",
            "accepted: constant(number, 'cooperatives')",
        ),
        (
            "03-pick-the-other-count",
            "expected = ledger['register_stock_2020_06'] - 30_000",
            "accepted: constant(30000, 'cooperatives')",
        ),
        ("02-widen-a-hedge", "high = '134.000'", "accepted: numbers in digits, without quotation"),
        ("02-widen-a-hedge", "high = 134, 000", "accepted: numbers in digits, without quotation"),
        ("02-widen-a-hedge", "high = 134", "its bounds are 73,000 to 134; accepted: a value ins"),
        ("06-survive-all-readings", "mine = None", "None is no sentence; accepted: text in quot"),
        ("06-survive-all-readings", "mine = 'Up.{a>b:if}'", "blanks around its sign alone, such"),
    ],
)
def test_what_cannot_be_said_or_reckoned_is_refused_with_what_could(exercise, change, said):
    with pytest.raises(Refused, match=re.escape(said)):
        run(FOLDER / f"{exercise}.ipynb", change)
