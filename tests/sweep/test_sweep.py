"""Every combination of parameters runs through the notebooks, each step once, here or elsewhere."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from signal import SIGKILL
from threading import Thread
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from taawun.build import BuildError
from taawun.build.files import rows
from taawun.build.mutex import locked
from taawun.build.parameters import Parameter
from taawun.sweep import __main__ as program
from taawun.sweep import cluster, tasks, work
from taawun.sweep.page import page
from taawun.sweep.runs import combinations
from taawun.sweep.table import write

EXAMPLE = Path(__file__).parents[1] / "lighthouses"
DASK = Path(__file__).parents[2] / ".dask/bin"
PROGRAM = ["-E", "-s", "-m"]
AVAILABLE = {
    parameter.name: parameter
    for parameter in (
        Parameter("horizon", 2030, "last year; from 2026 to 2060", "03"),
        Parameter("pace", "steady", "which; one of: slow, steady, fast", "03"),
        Parameter("rounded", True, "round", "03"),
    )
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"HORIZON": "2026..2028"}, [{"horizon": year} for year in (2026, 2027, 2028)]),
        ({"horizon": "2030,2026..2027,2030"}, [{"horizon": y} for y in (2030, 2026, 2027)]),
        ({"PACE": "all"}, [{"pace": pace} for pace in ("slow", "steady", "fast")]),
        ({"ROUNDED": "all"}, [{"rounded": False}, {"rounded": True}]),
        (
            {"PACE": "slow,fast", "HORIZON": "2026,2060"},
            [{"horizon": y, "pace": p} for y in (2026, 2060) for p in ("slow", "fast")],
        ),
    ],
)
def test_lists_spans_and_all_are_combined(typed, expected):
    assert combinations(AVAILABLE, typed) == expected


def test_words_of_a_figure_are_varied_with_semicolons_between():
    found = combinations(
        AVAILABLE, {"SPEECH_MEMBERS": "plus de 1,5 million; 878.000", "PACE": "slow"}
    )
    assert found == [
        {"pace": "slow", "speech_members": "plus de 1,5 million"},
        {"pace": "slow", "speech_members": "878.000"},
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"HORIZON": "2025..2030"}, "HORIZON=2025 is not accepted; accepted: from 2026 to 2060"),
        ({"HORIZON": "2030..2026"}, "from the lower to the higher"),
        ({"HORIZON": "all"}, "HORIZON=all is not accepted"),
        ({"PACE": "slow,quick"}, "PACE=quick is not accepted; accepted: one of: slow, steady"),
        ({"HORIZN": "2030"}, "no parameter HORIZN to vary(.|\n)*HORIZON=2030"),
        ({}, "Vary what"),
        ({"speech_membres": "3"}, "(?s)membres to vary.*printed figures: speech_members"),
        ({"speech_members": "878.000;few"}, r"speech_members \(A05\): cannot read «few»"),
        ({"speech_members": "3", "a05": "4"}, "are one figure; accepted: words for one of them"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_what_is_accepted(typed, said):
    with pytest.raises(BuildError, match=said):
        combinations(AVAILABLE, typed)


def test_too_many_runs_are_refused_with_their_number_unless_one_is_sure():
    many = {"n": Parameter("n", 1, "how many; from 1 to 99999", "03")}
    with pytest.raises(BuildError, match=r"10,001 runs, more than 10,000; add YES=1"):
        combinations(many, {"N": "1..10001"})
    assert len(combinations(many, {"N": "1..10001"}, sure=True)) == 10_001
    assert len(combinations(many, {"N": "1..10000"})) == 10_000


ROWS = [
    {
        "run": str(run),
        "pace": pace,
        "year": year,
        "id": name,
        "value": v,
        "low": v,
        "high": v,
        "unit": "m",
        "label": f"all of it in {year}",
    }
    for run, (pace, year, total) in enumerate(
        [("slow", "1", "10"), ("slow", "2", "20"), ("fast", "1", "30"), ("fast", "2", "50")], 1
    )
    for name, v in (("total", total), ("same", "7"), ("unknown", ""))
]


@pytest.fixture
def moves(tmp_path):
    return write(tmp_path / "sweep.csv", iter(ROWS))


def test_the_page_shows_what_moves_with_each_value_of_each_parameter(moves):
    assert moves.moving() == ["total"]
    assert moves.moving("same, total") == ["same", "total"]
    assert moves.spans("total") == [
        ("", "", 10, 50),
        ("pace", "slow", 10, 20),
        ("pace", "fast", 30, 50),
        ("year", "1", 10, 30),
        ("year", "2", 20, 50),
    ]
    shown = BeautifulSoup(page(moves, ["total"]), "html.parser")
    lines = [line.get_text(" ", strip=True) for line in shown.select("tbody tr")]
    assert lines[:2] == ["all runs 10 to 50", "pace slow 10 to 20"]
    assert "4 runs" in shown.get_text()
    assert shown.caption.get_text(" ", strip=True) == "all of it in … (total, m)"
    assert page(moves, []).count("No number moves.") == 1


def test_what_makes_no_difference_is_one_line_and_an_open_end_is_said(tmp_path):
    entry = {"id": "n", "value": "5", "low": "5", "unit": "m", "label": "n"}
    values = (("1", "slow", "inf"), ("2", "fast", "inf"))
    found = [{"run": run, "pace": pace, **entry, "high": high} for run, pace, high in values]
    shown = BeautifulSoup(page(write(tmp_path / "s.csv", found), ["n"]), "html.parser")
    lines = [line.get_text(" ", strip=True) for line in shown.select("tbody tr")]
    assert lines == ["all runs at least 5", "pace makes no difference"]
    assert "nan" not in str(shown)


def test_a_number_that_no_run_has_is_refused_with_its_nearest(moves):
    with pytest.raises(BuildError, match=r"NUMBERS=totl is not accepted; .* such as total\."):
        moves.moving("same,totl")
    assert "never known" in page(moves, moves.moving("unknown"))


def test_the_table_is_written_as_its_rows_come(moves, tmp_path):
    assert (moves.rows, moves.runs) == (12, {"1", "2", "3", "4"})
    written = [{key: cell for key, cell in row.items() if key != "label"} for row in ROWS]
    assert rows(tmp_path / "sweep.csv") == written
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.csv"]


def failing(error):
    def client(*_, **__):
        raise error

    return SimpleNamespace(Client=client)


def test_a_scheduler_that_does_not_answer_is_told_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "import_module", lambda _: failing(OSError("no route")))
    files = {"broken.json": "{", "empty.json": "{}", "list.json": "[1]"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for address in ("tcp://127.0.0.1:9", *(str(tmp_path / name) for name in ["none.json", *files])):
        with pytest.raises(BuildError, match=r"^DASK=[^\n]+$"), cluster.connected(address):
            pass


def test_a_worker_that_has_not_the_project_is_told_by_its_address():
    def run(function, argument, on_error):
        return {"tcp://a": function(argument), "tcp://b": ModuleNotFoundError("no taawun")}

    with pytest.raises(BuildError, match=r"^DASK: tcp://b has not the .* \(no taawun\); see"):
        cluster._refuse_strangers(SimpleNamespace(run=run))


def test_what_was_made_from_another_state_of_the_project_is_refused_with_what_differs():
    work._refuse_another_state("03", {"a.py": "1"}, {"a.py": "1"})
    with pytest.raises(BuildError, match=r"^03 was made on .* from another a\.py, b\.py\.$"):
        work._refuse_another_state("03", {"a.py": "1", "c.py": "3"}, {"b.py": "2", "c.py": "3"})


def test_progress_is_told_now_and_then_with_the_time_left(monkeypatch, capsys):
    now = iter((0, 6, 12, 20, 32))
    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: next(now)))
    tell = tasks._telling("03", 4)
    for _ in range(4):
        tell()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["03", "2", "of", "4,", "0:12", "left"],
        ["03", "4", "of", "4", "in", "0:32"],
    ]


class Refusing:
    """A pool in which the tasks with one parameter fail."""

    def submit(self, _, step, arguments, tables, inputs):
        future = Future()
        if arguments == {"pace": "slow"}:
            future.set_exception(BuildError("03 failed with pace=slow."))
        else:
            future.set_result({"processed/03-ledger.csv": b"id\n"})
        return future


def test_a_task_that_fails_is_told_and_the_others_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "STORE", tmp_path / "tasks")
    asked = {pace: tasks.Task("03", {"pace": pace}, {}, {}) for pace in ("slow", "steady", "fast")}
    assert tasks._make("03", asked, Refusing()) == {"slow": "03 failed with pace=slow."}
    assert {path.name for path in (tmp_path / "tasks").iterdir()} == {"steady", "fast"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "The disk is full; make room"),
        (OSError(13, "Permission denied"), "Permission denied"),
        (BuildError("Vary what?"), "Vary what?"),
        (KeyboardInterrupt(), "Stopped; the same sweep goes on from here."),
    ],
)
def test_what_ends_a_sweep_is_told_in_one_line(error, said, monkeypatch, tmp_path, capsys):
    def another():
        raise TimeoutError

    def ended(names):
        with pytest.raises(TimeoutError), locked(str(tmp_path / "lock"), another):
            pass  # not while this one runs
        raise error

    monkeypatch.setattr(program, "OUT", tmp_path)
    monkeypatch.setattr(program, "run", ended)
    assert program.main("HORIZON") in (1, 130)
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert said in line


def test_a_table_that_could_not_be_written_leaves_nothing_behind(tmp_path):
    def rows():
        yield {
            "run": "1",
            "id": "a",
            "value": "1",
            "low": "1",
            "high": "1",
            "unit": "",
            "label": "",
        }
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write(tmp_path / "sweep.csv", rows())
    assert not any(tmp_path.iterdir())


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    place = tmp_path_factory.mktemp("sweep") / "lighthouses"
    shutil.copytree(EXAMPLE, place, ignore=shutil.ignore_patterns("build", "reports"))
    return place


def called(project, python, *command, **settings):
    """What a program of the package says and how it ends."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [python, *PROGRAM, *command],
        cwd=project,
        env=environment | settings,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )


def swept(project, python=sys.executable, code=0, **settings):
    """What a sweep says, and its table."""
    settings = {"AS_OF": "2026-02-11,2026-11-01", **settings}
    told = called(project, python, "taawun.sweep", "AS_OF", **settings)
    assert told.returncode == code, told.stdout + told.stderr
    return told.stdout + (told.stderr if code else ""), (
        project / "build/sweep/sweep.csv"
    ).read_bytes()


@pytest.mark.slow
def test_a_second_sweep_runs_nothing_and_the_table_is_the_same_however_many_at_once(project):
    told, table = swept(project, JOBS="1")
    assert "2 of 2" in told
    found = rows(project / "build/sweep/sweep.csv")
    assert list(found[0]) == ["run", "as_of", "id", "value", "low", "high", "unit"]
    assert {row["as_of"] for row in found} == {"2026-02-11", "2026-11-01"}
    by_run = [[row["id"] for row in found if row["run"] == run] for run in "12"]
    assert by_run[0] == by_run[1]
    assert swept(project)[0].count(" of ") == 0
    one = next((project / "build/sweep/tasks").iterdir())
    shutil.rmtree(one)
    assert "1 of 1" in swept(project)[0]
    shutil.rmtree(project / "build/sweep/tasks")
    assert swept(project, JOBS="3")[1] == table


@pytest.mark.slow
def test_a_run_comes_to_the_numbers_of_an_experiment_with_its_parameters_and_words(project):
    names = {"AS_OF": "2026-11-01", "lights_2020": "more than 250 lighthouses"}
    both = names | {"lights_2020": "212 lighthouses in service; more than 250 lighthouses"}
    told = called(project, sys.executable, "taawun.sweep", *both, **both)
    assert told.returncode == 0, told.stdout + told.stderr
    told = called(project, sys.executable, "taawun.build", "02-brief", *names, **names)
    assert told.returncode == 0, told.stdout + told.stderr
    experiment = project / "build/as_of=2026-11-01,lights_2020=more-than-250-lighthouses/processed"
    ledgers = [row for path in sorted(experiment.glob("*-ledger.csv")) for row in rows(path)]
    found = [row for row in rows(project / "build/sweep/sweep.csv") if row["run"] == "2"]
    assert {row["lights_2020"] for row in found} == {"more than 250 lighthouses"}
    for key in ("id", "value", "low", "high", "unit"):
        assert [row[key] for row in found] == [row[key] for row in ledgers]


@pytest.mark.slow
def test_a_run_that_fails_is_told_with_its_values_and_the_others_are_in_the_table(project):
    told, _ = swept(project, code=1, AS_OF="2026-02-11,1800-01-01")
    assert "01-read failed with as_of=1800-01-01. 1 run of 2 without it." in told
    found = rows(project / "build/sweep/sweep.csv")
    assert {(row["run"], row["as_of"]) for row in found} == {("1", "2026-02-11")}


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.skipif(not DASK.is_dir(), reason="there is no environment with Dask: make sweep DASK=")
def test_a_cluster_makes_the_same_table_though_a_worker_is_killed(project, tmp_path):
    _, table = swept(project)
    done = project / "build/sweep/tasks"
    shutil.rmtree(done)

    def kill_in_the_middle(worker):
        while not (done.is_dir() and any(done.iterdir())):  # the first task is done, others are not
            time.sleep(0.02)
        worker.kill()

    file = tmp_path / "scheduler.json"
    at = {"cwd": project, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    alone = ["--no-dashboard", "--scheduler-file", str(file)]
    worker = [DASK / "dask", "worker", *alone, "--no-nanny", "--nthreads", "1"]
    running = [subprocess.Popen([DASK / "dask", "scheduler", "--port", "0", *alone], **at)]
    running += [subprocess.Popen(worker, **at) for _ in range(2)]
    try:
        while not file.exists():
            assert running[0].poll() is None
        Thread(target=kill_in_the_middle, args=(running[1],), daemon=True).start()
        assert swept(project, str(DASK / "python"), DASK=str(file))[1] == table
        assert running[1].wait(10) == -SIGKILL
    finally:
        for process in running:
            process.kill()
