"""The nbconvert exporters, registered as `taawun-html`, `taawun-pdf` and `taawun-docx`; they work
on any executed notebook, whose metadata may name the pages that belong together.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default

from taawun.export.document import read
from taawun.export.docx import Manuscript
from taawun.export.html import Page
from taawun.export.pdf import Print

__all__ = ["TaawunDocxExporter", "TaawunHTMLExporter", "TaawunPDFExporter"]


class _Validated(Exporter):
    """Validates a notebook once, not behind each of eleven steps that do nothing."""

    @default("optimistic_validation")
    def _optimistic_validation_default(self) -> bool:
        return True


class TaawunHTMLExporter(_Validated):
    """A brief (code hidden, numbers linked to the ledger) or, without document metadata, a page of
    the technical appendix (code folded).
    """

    export_from_notebook = "Taawun page"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as text, and nbconvert's resources with the files that are made beside it."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        page = Page(read(notebook, _name(resources)))
        made = page.html()
        return made, resources | {"outputs": page.files}


class TaawunPDFExporter(_Validated):
    """The brief as a PDF with tags, bookmarks and an annex to which each number links; no code."""

    export_from_notebook = "Taawun PDF"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF as bytes, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return Print(read(notebook, _name(resources))).pdf(), resources


class TaawunDocxExporter(_Validated):
    """The brief as a document for Word whose numbers link to the page; no code."""

    export_from_notebook = "Taawun Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".docx"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The document as bytes, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return Manuscript(read(notebook, _name(resources))).docx(), resources


def _name(resources: dict[str, Any]) -> str:
    """The name of the notebook that is exported."""
    return resources.get("metadata", {}).get("name") or "notebook"
