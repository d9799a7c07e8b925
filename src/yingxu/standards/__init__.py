"""标准: what good is: lines and items, editions of procedure, goal, requirement and promise terms, calendars."""
