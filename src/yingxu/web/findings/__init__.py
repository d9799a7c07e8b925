"""A finding: what a supervisor or a leader sees on a round, told in a minute with a photo, and its fate."""
