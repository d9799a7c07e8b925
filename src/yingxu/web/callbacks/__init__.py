"""Was it really good: the call-back list with its script, and what waits for an independent look."""
