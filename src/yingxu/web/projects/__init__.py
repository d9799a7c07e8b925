"""Improvement projects, proposed where demand is seen, and the evidence they rest on."""
