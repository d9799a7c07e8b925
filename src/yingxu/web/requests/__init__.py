"""Requests: the list with its filters and export, and one request in whole."""
