"""The words of a printed figure are chosen for an experiment like a parameter."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from taawun.build import BuildError, graph, parameters, words
from taawun.paths import ROOT
from taawun.tables import read_rows

EXAMPLE = Path(__file__).parents[1] / "lighthouses"
PROGRAM = [sys.executable, "-E", "-s", "-m"]


@pytest.fixture
def figures(tmp_path, monkeypatch):
    """The typed tables of the example in the place of the project's."""
    shutil.copytree(EXAMPLE / "data", tmp_path / "data")
    monkeypatch.setattr(words, "TYPED", tmp_path / "data")
    return tmp_path


def choose(**typed):
    return words.choose(parameters.available(graph.notebooks()), typed)


def test_a_figure_is_chosen_by_its_name_or_its_id_beside_parameters(figures):
    assert choose(lights_2020="more than 210 lighthouses", R02=" 190 ", HORIZON="2035") == {
        "horizon": 2035,
        "lights_2020": "more than 210 lighthouses",
        "R02": "190",
    }


def test_a_figure_is_named_in_capitals_or_not_as_parameters_are(figures):
    assert choose(LIGHTS_2020="3", r02="4") == {"lights_2020": "3", "R02": "4"}


def test_words_that_stand_in_the_table_are_no_difference(figures):
    assert choose(lights_2020=" 212 lighthouses in service", HORIZON="2030") == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lights_2020": "a few"}, r"lights_2020 \(R01\): cannot read «a few»: it holds no number"),
        ({"lights_2020": ""}, "lights_2020= is not accepted; accepted: the words of a figure"),
        ({"lights_2020": "1 " * 40}, "at most 60 characters"),
        ({"light_2020": "3"}, "There is no parameter light_2020"),
        ({"light_2020": "3"}, "nearest names of printed figures: lights_2020"),
        ({"lights_2020": "3%"}, "it reads as percent, but .* accepted: words whose unit is count"),
        ({"lights_2020": "few", "R02": "many"}, r"(?s)«few».*\nR02 \(R02\): cannot read «many»"),
        ({"lights_2020": "3", "R01": "4"}, "lights_2020 and R01 are one figure; accepted: words"),
        ({"lights_2020": "3\n4"}, "the words of a figure in one line"),
        ({"R06": "140%"}, "more than all, and automatic_share is a share; accepted: at most 100%"),
        ({"lights_2020": "3", "r01": "4"}, "lights_2020 and R01 are one figure"),
        ({"HORIZN": "3", "lights_2020": "3"}, "did you mean HORIZON"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_is_accepted(typed, said, figures):
    with pytest.raises(BuildError, match=said):
        choose(**typed)


@pytest.mark.parametrize(
    "text", ["1.500 millions de dirhams", "1,500 million dirhams", "plus de 64,000 DH"]
)
def test_what_is_in_doubt_in_the_language_of_its_words_is_not_read_in_another(text):
    figure = next(
        row for row in words.rows(words.TYPED / words.FIGURES) if "درهم" in row["as_printed"]
    )
    with pytest.raises(BuildError, match="may be thousands or a decimal"):
        words.choose({}, {figure["figure_id"]: text})
    for clear in ("1 500 millions de dirhams", "1.5 million dirhams", "1,5 million de dirhams"):
        assert words.choose({}, {figure["figure_id"]: clear})


def test_money_is_read_by_a_build_that_starts_without_packages():
    told = "from taawun.build import words as w; row = w.rows(w.TYPED / w.FIGURES)[0]; "
    told += "w._language('name', row['figure_id'], row['as_printed'])"
    build = [sys.executable, "-E", "-s", "-S", "-c", told]
    made = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert (made.stderr, made.returncode) == ("", 0)


def test_the_folder_says_what_differs():
    assert words.folder_name({"horizon": 2035}) == "horizon=2035"
    assert words.folder_name({"R01": "plus de 1,5 %/an"}) == "R01=plus-de-1-5-an"
    assert words.folder_name({"R01": "140 %"}) == "R01=140"
    long = words.folder_name({f"R{i:02}": f"more than {i} lighthouses" for i in range(20)})
    assert long.startswith("R00=more-than-0-lighthouses,R01=")
    assert len(long) < 200
    assert long != words.folder_name({f"R{i:02}": f"more than {i} lights" for i in range(20)})


@pytest.mark.slow
def test_what_is_as_published_is_told_and_not_compared(tmp_path):
    project = tmp_path / "lighthouses"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("build", "reports"))
    env = {"PATH": os.environ["PATH"], "LANGUAGES": "fr+en", "r01": "212 lighthouses in service"}
    at = {"cwd": project, "env": env, "capture_output": True, "encoding": "utf-8", "timeout": 300}
    built = subprocess.run([*PROGRAM, "taawun.build", "why", "LANGUAGES", "r01"], **at)
    assert "LANGUAGES=fr+en is as in the published edition." in built.stdout
    assert "r01=212 lighthouses in service is as in the published edition." in built.stdout
    told = subprocess.run([*PROGRAM, "taawun.changes", "--experiment", "LANGUAGES r01"], **at)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_an_edition_has_tables_of_its_own_only_with_other_words(figures):
    edition = figures / "edition"
    words.lay_out(edition, {"lights_2020": "more than 210 lighthouses"})
    before = {row["figure_id"]: row for row in read_rows(figures / "data/raw/figures.csv")}
    after = {row["figure_id"]: row for row in read_rows(edition / "data/raw/figures.csv")}
    assert after.pop("R01") == before.pop("R01") | {"as_printed": "more than 210 lighthouses"}
    assert after == before
    (figures / "data/hand/nouns.csv").unlink()
    words.lay_out(edition, {"lights_2020": "more than 210 lighthouses"})
    typed = {path.relative_to(figures / "data") for path in (figures / "data").rglob("*.csv")}
    assert {path.relative_to(edition / "data") for path in edition.rglob("*.csv")} == typed
    words.lay_out(edition, {"horizon": 2035})
    assert not (edition / "data").exists()


def test_words_in_another_language_are_of_the_same_witness(figures):
    edition = figures / "edition"
    words.lay_out(edition, {"lights_2020": "plus de 210 phares"})
    rows = read_rows(edition / "data/raw/figures.csv")
    (row,) = (row for row in rows if row["figure_id"] == "R01")
    (source,) = (
        source
        for source in read_rows(edition / "data/raw/sources.csv")
        if source["source_id"] == row["source_id"]
    )
    assert source["language"] == "fr"
    assert source["repeats"] == "pilot-office-2021"


def test_what_a_person_read_belongs_to_the_old_words(figures):
    readings = figures / "data/hand/readings.csv"
    readings.write_text("figure_id,read_as,reason\nR01,212,-\nR02,198,-\n", encoding="utf-8")
    words.lay_out(figures / "edition", {"R01": "213"})
    kept = read_rows(figures / "edition/data/hand/readings.csv")
    assert [row["figure_id"] for row in kept] == ["R02"]


@pytest.mark.slow
def test_an_experiment_says_what_moves_and_leaves_the_published_edition(tmp_path):
    project = tmp_path / "lighthouses"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("build", "reports"))
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment["lights_2020"] = "more than 250 lighthouses"

    def run(*arguments):
        told = subprocess.run(
            [*PROGRAM, *arguments],
            cwd=project,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    run("taawun.build", "report")
    files = [path for path in (project / "reports").rglob("*") if path.is_file()]
    published = {path: path.read_bytes() for path in files}
    assert "is as in the published edition" not in run("taawun.build", "report", "lights_2020")
    folder = project / "reports/lights_2020=more-than-250-lighthouses"
    assert "more than 250" in (folder / "02-brief.en.html").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in published} == published
    told = run("taawun.changes", "--experiment", "lights_2020")
    edited = (
        "words of a figure: lights_2020, «212 lighthouses in service» → «more than 250 lighthouse"
    )
    assert edited in told
    assert "(lights_2020): 212 → more than 250" in told
    assert f"build/{folder.name}/changes/changes.en.html" in told
    assert run("taawun.changes", str(project), str(project)) == ""
    (project / "data/raw/figures.csv").write_bytes(
        (project / "build" / folder.name / "data/raw/figures.csv").read_bytes()
    )
    told = run("taawun.build", "report")
    assert "Numbers of the key messages that moved:" in told
