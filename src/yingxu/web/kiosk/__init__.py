"""Asking at a stand: one page for whoever walks by."""
