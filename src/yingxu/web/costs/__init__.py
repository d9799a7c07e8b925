"""What work costs: a month by department and line, the jobs behind a figure, rates and terms, bills."""
