"""Service hours: what they are, how they will be, what that makes of a promise; days off and made-up days."""
