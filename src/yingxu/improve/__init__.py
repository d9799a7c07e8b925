"""改进: closing the gap: gap board, drift, topics, meetings, actions with proven effect. Not built yet."""
