"""Measurements: fixed seeds and budgets, ratios in one run, tables; never timed assertions."""
