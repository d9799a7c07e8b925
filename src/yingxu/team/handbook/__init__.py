"""The handbook in every hand: its pages as values, what changed in words, three questions, the printed book. Pure."""
