"""内核: pure engines. Values in, values out: no framework, no wall clock, no files, no network."""
