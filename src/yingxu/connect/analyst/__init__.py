"""The analyst: a process of its own that answers what takes seconds, with the heavy libraries, so that no page waits.

Studies of promises, forecasts, demand against hands, unfamiliar texts, the ratchet. It asks the rooms' questions, runs
``core`` and hands each result to one verb; killed at any moment it loses nothing, because what it had in hand waits
again. ``yingxu worker`` starts it when something waits (:mod:`yingxu.connect.analyst.calling`).
"""
