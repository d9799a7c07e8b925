"""Can we keep it? Studies of promises, and the ratchet's proposals."""
