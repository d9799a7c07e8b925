"""队伍: who can: staff of the parties, their teams, lines and presence."""
