"""An executed notebook as a document for Word, in which people write on; pandoc makes it of the
same text. Numbers link to their entries in the page, drawings are pictures with alternative texts.
"""

from __future__ import annotations

import base64
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pypandoc
import typst

from taawun.export.cells import PANELS, Part
from taawun.export.document import Document
from taawun.export.foreign import lost
from taawun.export.markdown import Markdown
from taawun.export.printer import plain
from taawun.mime import Table

#: That of the package, whose bytes are known; pypandoc would take a newer one that it finds.
PANDOC = Path(pypandoc.__file__).with_name("files") / "pandoc"
#: How sharp a drawing is, and how wide it stands between the margins of a page.
PIXELS, WIDTH = 220, "16cm"


class Manuscript:
    """One document for Word in the making."""

    def __init__(self, document: Document) -> None:
        self.document, self.markdown, self.figures = document, Markdown(document), 0

    def docx(self) -> bytes:
        """The finished document; it is the same each time, and pandoc reads no file for it."""
        meta, document = self.document.meta, self.document
        about = {"lang": document.language, "dir": document.direction}
        head = "".join(f'<meta name="{name}" content="{value}">' for name, value in about.items())
        title = f"<title>{escape(plain(meta['title']) or document.name)}</title>"
        body = [self._lead(), *map(self._part, [*document.parts, *document.annex])]
        html = f"<html><head>{title}{head}</head><body>{''.join(body)}</body></html>"
        command = [str(PANDOC), "--sandbox", "--from=html", "--to=docx", "-o", "-"]
        made = subprocess.run(
            [*command, *(f"--metadata={name}={value}" for name, value in about.items())],
            input=self._pointing(html).encode(),
            env={"SOURCE_DATE_EPOCH": "315532800"},  # 1980, where the dates of archives begin
            check=True,
            capture_output=True,
        )
        return mirrored(made.stdout) if document.direction == "rtl" else made.stdout

    def _lead(self) -> str:
        """What stands under the title: the standfirst, who wrote it, the edition."""
        signed = " · ".join(filter(None, [*self.document.authors, self.document.edition]))
        standfirst = self.markdown.line(self.document.meta.get("subtitle"))
        return "".join(f"<p>{line}</p>" for line in (standfirst, escape(signed)) if line)

    def _pointing(self, html: str) -> str:
        """The text with links into the page, of whose own anchors none is needed here."""
        html = re.sub(r' id="u-[^"]*"', "", html)
        return re.sub(r'href="#(?=n-)', f'href="{escape(self.document.name)}.html#', html)

    def _part(self, part: Part) -> str:
        """One part of the text."""
        if part.kind in PANELS:
            return "".join(map(self._part, part.content))
        printers: dict[str, Callable[[Part], str]] = {
            "markdown": lambda part: self.markdown.blocks(part.content, part.attachments),
            "table": lambda part: self._table(part.content),
            "html": lambda part: self.markdown.tokens(part.content),
            "figure": lambda part: self._figure(part.content),
            "text": lambda part: f"<pre>{escape(part.content)}</pre>",
            "warning": lambda part: f"<pre>{escape(part.content)}</pre>",
            "code": lambda part: "",
        }
        return printers[part.kind](part)

    def _table(self, table: Table) -> str:
        """A table whose columns share the width by their longest cells."""
        rows = [table["columns"], *table["rows"]]
        columns = zip(*([len(plain(cell)) for cell in row] for row in rows), strict=True)
        longest = [min(max(*lengths, 14), 45) for lengths in columns]
        widths = "".join(f'<col style="width:{100 * it // sum(longest)}%">' for it in longest)
        return self.markdown.cells(table).replace(
            "<thead", f"<colgroup>{widths}</colgroup><thead", 1
        )

    def _figure(self, figure: dict[str, Any]) -> str:
        """A figure: its number and finding, the drawing as a picture, its source."""
        self.figures += 1
        where = self.document.numbered_figure(self.figures)
        title, below, source = (
            self.markdown.line(figure.get(key)) for key in ("title", "subtitle", "caption")
        )
        try:
            png = base64.b64encode(pictured(figure["svg"])).decode()
            size = f'alt="{escape(figure["alt"])}" width="{WIDTH}"'
            drawing = f'<p><img src="data:image/png;base64,{png}" {size}></p>'
        except typst.TypstError:
            drawing = self.markdown.tokens(lost(figure["alt"]))
        return (
            f"<p><strong>{where}. {title}</strong></p>"
            + "".join(f"<p>{line}</p>" for line in [below] if line)
            + drawing
            + "".join(f"<p>{line}</p>" for line in [source] if line)
        )


def mirrored(docx: bytes) -> bytes:
    """A document whose tables run from right to left, which pandoc leaves as they are.

    Nothing is compressed: each version of the library that would do it writes other bytes.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as given, zipfile.ZipFile(made, "w") as archive:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == "word/document.xml":
                content = re.sub(rb"<w:tblStyle [^>]*>", rb"\g<0><w:bidiVisual />", content)
            archive.writestr(zipfile.ZipInfo(entry.filename), content)
    return made.getvalue()


def pictured(svg: str) -> bytes:
    """A drawing as a PNG; TypstError if it is none."""
    page = "#set page(width: auto, height: auto, margin: 0pt)\n"
    page += '#image(bytes(sys.inputs.svg), format: "svg")'
    made = typst.compile(
        page.encode(), format="png", ppi=PIXELS, sys_inputs={"svg": svg}, ignore_system_fonts=True
    )
    return bytes(made)
