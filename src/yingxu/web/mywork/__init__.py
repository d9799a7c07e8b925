"""My work: one card fills the phone: what, where, by when, and the one thing to press next."""
