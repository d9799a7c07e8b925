"""查验: was it really good: the asker's yes or no, lapses, perfect service."""
