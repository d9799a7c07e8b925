"""The timeline of any object: what was recorded, by whom, when, in words."""
