"""门面: people at a screen. Pages, the worker's page and the HTTP API: parse, read the clock, one call, render."""
