"""Assets: the register, one of them with what was asked about it, their codes printed."""
