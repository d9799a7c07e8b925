"""巡保: before anyone asks: the look-ahead calendar of seasons, events and legal dates, and what is made ready."""
