"""The resident planner: who goes now, reckoned again on every event, one process a site at a time."""
