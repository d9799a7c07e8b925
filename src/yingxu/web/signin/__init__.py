"""Signing in and out; in the demo, switching roles by one tap."""
