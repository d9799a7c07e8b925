"""Turn any service log into a gap report. `reading.read_log` is also what `yingxu replay` reads with."""
