"""The machine: what is stale, in which order, and how it is run and published."""
