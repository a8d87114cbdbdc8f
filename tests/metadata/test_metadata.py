"""What describes the published edition for machines: the data package, the provenance and the
crate. `make test` builds them first; .ci/run puts them to validators that are not ours.
"""

import csv
import json
import re
from pathlib import Path

import pytest

from taawun import periods
from taawun.build.files import digest
from taawun.build.graph import ROOT, inputs, steps
from taawun.metadata.__main__ import documents, main
from taawun.metadata.citation import citation
from taawun.metadata.datapackage import package
from taawun.tables import read_rows

DATA, REPORTS, EDITION = ROOT / "data", ROOT / "reports", ROOT / "build" / "published"
DERIVED = ("wasDerivedFrom", "wasQuotedFrom", "hadPrimarySource")


def read(name):
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def many(node, link):
    """What a node's link names, as a list."""
    found = node.get(link, [])
    return found if isinstance(found, list) else [found]


PACKAGE, CRATE = read("data/datapackage.json"), read("reports/ro-crate-metadata.json")
TABLES = {resource["name"]: resource for resource in PACKAGE["resources"]}
PRINTED = {*REPORTS.glob("[0-9][0-9]-*.*"), *REPORTS.glob("figures/*.*")}
NODES = {node["@id"]: node for node in read("reports/provenance.jsonld")["@graph"]}
LEDGER = {
    row["id"]: row
    for path in sorted((DATA / "processed").glob("*-ledger.csv"))
    for row in read_rows(path)
}
FIGURES = {row["figure_id"]: row for row in read_rows(DATA / "raw" / "figures.csv")}


def columns(resource):
    """The column names of a table, and its rows."""
    with (DATA / resource["path"]).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [dict(zip(header, row, strict=True)) for row in rows]


def below(id):
    """A node and all that it is derived from."""
    seen, queue = set(), [id]
    while queue:
        if (id := queue.pop()) not in seen:
            seen.add(id)
            queue += [part for link in DERIVED for part in many(NODES[id], link)]
    return seen


def test_same_edition_gives_the_bytes_that_are_published():
    made = documents(EDITION, DATA / "processed", REPORTS)
    assert {path.relative_to(ROOT).as_posix() for path in made} == {
        "data/datapackage.json",
        "reports/claims.json",
        "reports/provenance.jsonld",
        "reports/ro-crate-metadata.json",
    }
    assert [path.name for path, content in made.items() if path.read_bytes() != content] == [], (
        "python -m taawun.metadata writes them again"
    )
    assert all(
        b"\r" not in content and content.endswith(b"}\n") and str(ROOT).encode() not in content
        for content in made.values()
    )


def test_package_has_every_table_and_every_column_in_order():
    assert {resource["path"] for resource in TABLES.values()} == {
        path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")
    }
    assert len(TABLES) == len(PACKAGE["resources"]), "names of tables are unique"
    for resource in TABLES.values():
        assert [field["name"] for field in resource["schema"]["fields"]] == columns(resource)[0]
        assert resource["hash"] == "sha256:" + digest(DATA / resource["path"])


def test_every_column_says_what_the_dictionary_says():
    told = {(row["table"], row["column"]): row for row in read_rows(DATA / "dictionary.csv")}
    for resource in TABLES.values():
        for field in resource["schema"]["fields"]:
            row = told[resource["path"], field["name"]]
            assert field["description"].startswith(row["meaning"])
            assert row["unit"] in field["description"]
            assert field.get("constraints", {}).get("required", False) == (
                row["missing"] == "never"
            )


@pytest.mark.parametrize("name", TABLES)
def test_cells_are_of_the_type_of_their_column(name):
    patterns = {
        "string": ".*",
        "number": r"-?\d+(\.\d+)?(e[+-]?\d+)?",
        "integer": r"-?\d+",
        "year": r"\d{4}",
        "date": r"\d{4}-\d\d-\d\d",
    }
    rows = columns(TABLES[name])[1]
    for field in TABLES[name]["schema"]["fields"]:
        limits = field.get("constraints", {})
        pattern = (
            limits.get("pattern")
            or patterns.get(field["type"])
            or "|".join(field["trueValues"] + field["falseValues"])
        )
        cells = {row[field["name"]] for row in rows}
        assert not [cell for cell in cells if cell and not re.fullmatch(pattern, cell, re.S)], field
        assert "" not in cells or "required" not in limits, field


@pytest.mark.parametrize("name", TABLES)
def test_keys_hold(name):
    schema, rows = TABLES[name]["schema"], columns(TABLES[name])[1]
    keys = [tuple(row[column] for column in schema["primaryKey"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert all(map(all, keys))
    for key in schema.get("foreignKeys", []):
        (column,), (other,) = key["fields"], key["reference"]["fields"]
        there = {row[other] for row in columns(TABLES[key["reference"].get("resource", name)])[1]}
        assert {row[column] for row in rows} - {""} <= there, column


def test_the_keys_that_matter_are_there():
    keys = {
        (name, key["fields"][0], key["reference"].get("resource", name))
        for name, resource in TABLES.items()
        for key in resource["schema"].get("foreignKeys", [])
    }
    assert {
        ("figures", "source_id", "sources"),
        ("figures", "indicator", "indicators"),
        ("sources", "repeats", "sources"),
        ("readings", "figure_id", "figures"),
        ("03-projection", "stock_id", "03-ledger"),
    } <= keys


def test_package_says_version_licence_and_sources():
    cited = citation()
    assert PACKAGE["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert PACKAGE["version"] == cited.version
    assert [licence["name"] for licence in PACKAGE["licenses"]] == ["CC-BY-4.0"]
    assert cited.authors
    assert [person["title"] for person in PACKAGE["contributors"]] == cited.authors
    assert [source["title"] for source in PACKAGE["sources"]] == [
        row["title"] for row in read_rows(DATA / "raw" / "sources.csv")
    ]


def test_package_of_an_experiment_stands_alone(tmp_path):
    folder = tmp_path / "processed"
    folder.mkdir()
    for name in ("03-ledger.csv", "03-projection.csv"):
        (folder / name).write_bytes((DATA / "processed" / name).read_bytes())
    ledger, projection = package(tmp_path)["resources"]
    assert (ledger["path"], projection["path"]) == (
        "processed/03-ledger.csv",
        "processed/03-projection.csv",
    )
    assert [key["reference"]["resource"] for key in projection["schema"]["foreignKeys"]] == [
        "03-ledger"
    ]


def test_every_ledger_entry_publication_and_figure_is_an_entity():
    ids = (
        {f"#n-{id}" for id in LEDGER}
        | {f"#words-{id}" for id in FIGURES}
        | {f"#source-{row['source_id']}" for row in read_rows(DATA / "raw" / "sources.csv")}
    )
    assert ids <= NODES.keys()
    assert {NODES[id]["@type"] for id in ids} == {"Entity"}
    assert {id for id in NODES if re.match("#(n|words|source)-", id)} == ids


def test_nothing_is_described_twice():
    assert len(NODES) == len(read("reports/provenance.jsonld")["@graph"])
    agents = [node["label"]["@value"] for id, node in NODES.items() if id.startswith("#publisher-")]
    assert sorted(agents) == sorted(
        {row["publisher"] for row in read_rows(DATA / "raw" / "sources.csv")}
    )


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        *((link, "Entity") for link in (*DERIVED, "used")),
        ("wasGeneratedBy", "Activity"),
        ("wasAttributedTo", "Agent"),
        ("wasAssociatedWith", "SoftwareAgent"),
        ("actedOnBehalfOf", "Agent"),
    ],
)
def test_every_link_leads_to_what_it_has_to(link, kind):
    parts = {part for node in NODES.values() for part in many(node, link)}
    assert parts
    assert not {
        part for part in parts if part not in NODES or kind not in many(NODES[part], "@type")
    }


def test_no_cycle():
    links = (*DERIVED, "wasGeneratedBy", "used")
    left = {id: {part for link in links for part in many(node, link)} for id, node in NODES.items()}
    while ready := {id for id, parts in left.items() if not parts & left.keys()}:
        left = {id: parts for id, parts in left.items() if id not in ready}
    assert not left, "nothing comes from itself"


def test_entry_says_what_the_ledger_says():
    for id, row in LEDGER.items():
        node = NODES[f"#n-{id}"]
        assert {
            name: node.get(name, "")
            for name in ("label", "value", "low", "high", "unit", "qualifier", "formula")
        } == {
            **{
                name: row[name] for name in ("value", "low", "high", "unit", "qualifier", "formula")
            },
            "label": periods.dated(row["label"], row["start"], row["date"]),
        }
        assert node.get("date", {"@value": ""})["@value"] == row["date"]
        assert NODES[node["wasGeneratedBy"]]["label"].startswith(row["step"])
        if row["inputs"]:
            assert node["wasDerivedFrom"] == [f"#n-{part}" for part in row["inputs"].split()]


def test_every_entry_rests_on_printed_words_or_on_whole_tables():
    for id, row in LEDGER.items():
        leaves = {
            part
            for part in below(f"#n-{id}")
            if not any(many(NODES[part], link) for link in DERIVED)
        }
        tables = {part for part in leaves if part.endswith(".csv")}
        assert leaves > tables or (not row["inputs"] and tables), id
        assert all(part.startswith("#source-") for part in leaves - tables), id


def test_words_are_quoted_from_their_publication():
    for id, row in FIGURES.items():
        node = NODES[f"#words-{id}"]
        assert node["words"]["@value"] == row["as_printed"]
        assert node["wasQuotedFrom"] == f"#source-{row['source_id']}"


def test_every_figure_used_has_a_publication_with_title_publisher_and_date():
    inputs = {part for row in LEDGER.values() for part in row["inputs"].split()}
    used = {figure_id for part in inputs if (figure_id := LEDGER[part].get("figure_id"))}
    assert len(used) > 100
    for id in used:
        source = NODES[NODES[f"#words-{id}"]["wasQuotedFrom"]]
        assert source["title"]["@value"]
        assert NODES[source["wasAttributedTo"]]["label"]["@value"]
        assert "issued" in source or source["accessed"], (
            "of an undated page, the day on which it was read"
        )


def test_figure_that_is_read_otherwise_names_the_decision():
    readings = {row["figure_id"] for row in read_rows(DATA / "hand" / "readings.csv")}
    read = [name for name, row in LEDGER.items() if row.get("figure_id") in readings]
    assert read
    for name in read:
        assert "../data/hand/readings.csv" in NODES[f"#n-{name}"]["wasDerivedFrom"]


def test_every_step_names_the_notebook_and_all_that_it_used():
    assert {node["label"] for node in NODES.values() if node["@type"] == "Activity"} == set(
        steps(EDITION)
    )
    for step in steps(EDITION):
        node = NODES[f"#step-{step}"]
        notebook = node["qualifiedAssociation"]["hadPlan"]
        assert notebook in node["used"]
        assert "Plan" in NODES[notebook]["@type"]
        assert len(
            [part for part in node["used"] if part in NODES and "sha256" in NODES[part]]
        ) == len([name for name in inputs(step, EDITION) if "." in name])
        assert [
            NODES[part]["value"]["@value"] for part in node["used"] if part.endswith("-language")
        ] == [
            json.dumps(language)
            for language in [step.partition(".")[2]]
            if language not in ("", "en")
        ]


def test_hashes_are_those_of_the_files_that_are_here():
    files = {id: node for id, node in NODES.items() if "sha256" in node}
    assert [id for id, node in files.items() if digest(REPORTS / id) != node["sha256"]] == [], (
        "changed since the last make report"
    )
    made = {(REPORTS / id).resolve() for id, node in files.items() if "wasGeneratedBy" in node}
    wrong = [
        id
        for id, node in files.items()
        if "wasGeneratedBy" in node
        and not Path(id).name.startswith(
            node["wasGeneratedBy"].removeprefix("#step-")[: 2 if id.endswith(".csv") else None]
        )
    ]
    assert not wrong, "the number tells which step wrote it, the language for which reader"
    assert made == {*PRINTED, *(DATA / "processed").glob("*.csv")}


def test_crate_lists_the_reports():
    nodes = {node["@id"]: node for node in CRATE["@graph"]}
    parts = [part["@id"] for part in nodes["./"]["hasPart"]]
    assert set(parts) == {path.relative_to(REPORTS).as_posix() for path in PRINTED} | {
        "provenance.jsonld",
        "claims.json",
    }
    assert all(nodes[part]["@type"] == "File" and nodes[part]["encodingFormat"] for part in parts)
    assert nodes["05-brief.ar.pdf"]["inLanguage"] == "ar"
    assert nodes["figures/05-brief.ar.stock.svg"]["inLanguage"] == "ar"
    assert "inLanguage" not in nodes["figures/03-growth.stock.svg"]


def test_crate_tells_the_run_of_each_step():
    nodes = {node["@id"]: node for node in CRATE["@graph"]}
    runs = [nodes[run["@id"]] for run in nodes["./"]["mentions"]]
    assert [run["@id"].removeprefix("#run-") for run in runs] == list(steps(EDITION))
    for run in runs:
        step = run["@id"].removeprefix("#run-")
        used, made = ([thing["@id"] for thing in run[link]] for link in ("object", "result"))
        assert f"#notebooks/{step.partition('.')[0]}.ipynb" in used
        assert f"{step}.html" in made
        assert set(used) | set(made) | {run["instrument"]["@id"]} <= set(nodes)
    brief = next(run for run in runs if run["@id"] == "#run-05-brief.ar")
    assert {"@id": "#processed/01-ledger.csv"} in brief["object"]
    language = nodes["#05-brief.ar-language"]
    assert (language["@type"], language["value"]) == ("PropertyValue", '"ar"')


def test_no_build_is_an_error_for_people(tmp_path, capsys):
    (tmp_path / "edition.json").write_text("{}")
    assert main(tmp_path, tmp_path / "processed", tmp_path) == 1
    assert "run make report first" in capsys.readouterr().err


def test_citation_without_a_version_is_an_error_for_people(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        'title: "A"\nabstract: B\ndate-released: 2026-11-23\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"CITATION.cff: there is no line «version"):
        citation(tmp_path)


def test_citation_keeps_what_is_typed(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        'title: "A: b"\nabstract: B "c"\nversion: 1.10\ndate-released: 2026-11-23\n'
        "authors:\n  - name: D\n  - name: E\n",
        encoding="utf-8",
    )
    assert citation(tmp_path) == ("A: b", 'B "c"', "1.10", "2026-11-23", ["D", "E"])


def test_claims_are_small_and_lead_from_the_sentence_to_the_printed_words():
    path = REPORTS / "claims.json"
    assert path.stat().st_size < 60_000
    told = json.loads(path.read_text(encoding="utf-8"))
    numbers, sources = told["numbers"], told["sources"]
    assert len(told["claims"]) > 15
    for claim in told["claims"]:
        assert claim["said"]
        assert set(claim["numbers"]) <= set(numbers)
    for name, number in numbers.items():
        row = LEDGER[name]
        assert number["value"] == row["value"]
        assert (number.get("low", row["value"]), number.get("high", row["value"])) == (
            row["low"],
            row["high"],
        )
        assert set(row["inputs"].split()) <= set(numbers), "down to what is printed"
        if "words" in number:
            figure = FIGURES[row.get("figure_id") or name]
            assert number["words"] == figure["as_printed"]
            assert sources[number["source"]]["published"] or sources[number["source"]]["title"]
    holding = [claim for claim in told["claims"] if "equivalent" in claim]
    assert holding
    assert all(claim["equivalent"][0] <= claim["equivalent"][1] for claim in holding)
