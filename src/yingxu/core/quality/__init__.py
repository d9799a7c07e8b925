"""内核·质量: shares with their doubt, indicators, control charts, repeats, and what could be promised."""
