"""Asking: by a printed code or signed in, in one box."""
