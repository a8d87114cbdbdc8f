"""What describes the edition for machines, put to tools that are not ours: frictionless, rdflib,
roc-validator. Run by .ci/run in an environment of its own (.ci/provenance.txt), without a
network.
"""

import json
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import frictionless
from rdflib import PROV, RDF, Graph
from rocrate_validator import services
from rocrate_validator.models import ValidationSettings
from rocrate_validator.utils.http import HttpRequester

ROOT = Path(__file__).resolve().parents[1] if len(sys.argv) < 2 else Path(sys.argv[1])
DERIVED = (PROV.wasDerivedFrom, PROV.wasQuotedFrom, PROV.hadPrimarySource)


def tables():
    """The tables are as the data package says: types, required cells, keys, hashes."""
    report = frictionless.validate(str(ROOT / "data" / "datapackage.json"))
    return [f"{error.title}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


def lineage():
    """Everything that something was made of, by or from is described as what it has to be."""
    graph = Graph().parse(ROOT / "reports" / "provenance.jsonld", format="json-ld")
    kinds = {
        **{link: {PROV.Entity} for link in (*DERIVED, PROV.used)},
        PROV.wasGeneratedBy: {PROV.Activity},
        PROV.wasAttributedTo: {PROV.Agent},
        PROV.wasAssociatedWith: {PROV.Agent, PROV.SoftwareAgent},
        PROV.hadPlan: {PROV.Plan},
    }
    links = [(whole, link, part) for link in kinds for whole, part in graph.subject_objects(link)]
    assert len(links) > 2000, "the links are there"
    return [
        f"{whole} {link} {part}"
        for whole, link, part in links
        if not kinds[link] & set(graph.objects(part, RDF.type))
    ]


def crate():
    """The reports are an RO-Crate, and its runs keep to Process Run Crate.

    The contexts are served from the package rocrate, for a check asks nobody.
    """
    context = json.loads(
        Path(
            next(
                file.locate()
                for file in metadata.files("rocrate")
                if file.name == "ro-crate.jsonld"
            )
        ).read_text(encoding="utf-8")
    )
    HttpRequester.get = lambda self, url, **_: SimpleNamespace(
        status_code=200, headers={"Content-Type": "application/ld+json"}, json=lambda: context
    )
    faults = []
    for profile in ("ro-crate-1.3", "process-run-crate"):
        result = services.validate(
            ValidationSettings(
                rocrate_uri=str(ROOT / "reports"),
                profile_identifier=profile,
                # The profile of runs is written for an earlier crate than its own rules need.
                disable_inherited_profiles_issue_reporting=profile == "process-run-crate",
            )
        )
        assert len(result.executed_checks) > (40 if profile == "ro-crate-1.3" else 3), "checks ran"
        faults += [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()]
    return faults


found = {check.__name__: check() for check in (tables, lineage, crate)}
print(
    *(
        f"{name}: {'valid' if not faults else f'{len(faults)} faults'}"
        for name, faults in found.items()
    ),
    sep="\n",
)
print(*(fault for faults in found.values() for fault in faults[:20]), sep="\n")
sys.exit(any(found.values()))
