"""Peer checks: what a colleague is asked to look at, and how it went."""
