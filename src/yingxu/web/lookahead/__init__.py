"""The look-ahead calendar: what comes in the year, what is made ready for it, and by whom."""
