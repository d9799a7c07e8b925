"""Routing: who goes now, and in which sequence. Reads ``dispatch-problem/1``, answers with timed, feasible plans."""
