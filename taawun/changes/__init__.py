"""What moved between two editions, and why."""
