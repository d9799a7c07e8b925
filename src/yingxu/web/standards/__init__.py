"""Standards: the list, an item's editions, the editor, what differs, review and publication (screen 9)."""
