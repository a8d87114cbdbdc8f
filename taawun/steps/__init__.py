"""One module a notebook."""
