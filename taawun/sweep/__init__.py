"""Many experiments at once: every combination of some parameters, each step no more than once."""
