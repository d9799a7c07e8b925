"""How a command refuses bad input: one line on standard error, exit status 2."""


class BadInput(Exception):
    """What is wrong, where, and how to mend it: one sentence for the person at the terminal."""
