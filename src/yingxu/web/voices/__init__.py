"""One ledger of voices: what people said, its fate, and the public board of answers."""
