"""The two nbconvert exporters, registered as `taawun-html` and `taawun-pdf`; they work on any
executed notebook.
"""

from taawun.export.html import TaawunHTMLExporter
from taawun.export.pdf import TaawunPDFExporter

__all__ = ["TaawunHTMLExporter", "TaawunPDFExporter"]
