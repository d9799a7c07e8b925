"""Blind spots: where nobody has been for long."""
