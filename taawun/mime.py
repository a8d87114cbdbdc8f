"""What a cell of a notebook can show beside what Jupyter knows: names of our own MIME types."""

DOCUMENT = "application/vnd.taawun.document+json"
FIGURE = "application/vnd.taawun.figure+json"
LEDGER = "application/vnd.taawun.ledger+json"
TABLE = "application/vnd.taawun.table+json"
