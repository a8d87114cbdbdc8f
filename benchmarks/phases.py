"""Where the time of one step goes: `python benchmarks/phases.py 05-brief.en $(date +%s.%N)` in the
folder of a built edition prints seconds by phase as JSON.

It runs the step as `taawun.build.run` does and reads the clock around its parts; the cells' times
are papermill's own.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from taawun.build import execution
from taawun.build import run as runner

name, phases, clock = sys.argv[1], {}, [float(sys.argv[2])]


def lap(phase: str, now: float | None = None) -> None:
    """All the time since the last lap, or until `now`, was this phase."""
    now = now or time.time()
    phases[phase], clock[0] = phases.get(phase, 0) + now - clock[0], now


def moment(cell: dict, which: str) -> float:
    return datetime.fromisoformat(cell.metadata.papermill[which]).replace(tzinfo=UTC).timestamp()


def execute(*arguments, **options):
    """papermill, with its laps taken afterwards from what it noted in the cells."""
    lap("other")
    executed = papermill(*arguments, **options)
    for number, cell in enumerate(cell for cell in executed.cells if cell.cell_type == "code"):
        lap("between cells" if number else "kernel up", moment(cell, "start_time"))
        lap(
            "cells that import" if "import pandas" in cell.source else "cells",
            moment(cell, "end_time"),
        )
    lap("kernel down")
    return executed


def timed(phase: str, export):
    def exporting(*arguments, **options):
        lap("import exporters" if phase == "HTML" else "other")
        page = export(*arguments, **options)
        lap(phase)
        return page

    return exporting


def pages(*arguments):
    """The step's own pages, the exporters being imported, and timed, only here: their import is a
    part of the time.
    """
    lap("other")
    from taawun import export

    for phase, exporter in (("HTML", export.TaawunHTMLExporter), ("PDF", export.TaawunPDFExporter)):
        exporter.from_notebook_node = timed(phase, exporter.from_notebook_node)
    return make_pages(*arguments)


lap("Python, papermill")
papermill, execution.execute_notebook = execution.execute_notebook, execute
make_pages, runner._pages = runner._pages, pages
runner.run(name, Path.cwd())
lap("other")
print(json.dumps(phases))
