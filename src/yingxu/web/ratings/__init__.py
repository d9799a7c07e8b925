"""How the service was rated: each score with its n, its interval and how many answered."""
