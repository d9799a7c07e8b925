"""标准: what good is: service lines and items, editions of procedure, goal, requirement and promise terms, calendars."""
