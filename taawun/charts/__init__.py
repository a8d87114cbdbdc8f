"""Tidy rows to SVG drawings."""
