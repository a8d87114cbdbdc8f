"""The edition described for machines."""
