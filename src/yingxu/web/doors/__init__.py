"""Doors, what came in at them, and who is told by machine: the administrator's and the desk's pages."""
