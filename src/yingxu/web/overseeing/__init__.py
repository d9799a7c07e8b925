"""Supervisors, their findings, and the monthly forum."""
