"""Surveys: the page of a printed code, and the pages of those who ask and read."""
