"""The wall screen: the campus in section, the queue, the load, today's curve; nothing of any patient."""
