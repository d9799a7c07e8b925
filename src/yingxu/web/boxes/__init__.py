"""Suggestion boxes: the page that asks nothing about who writes, and the pages of those who open and answer."""
