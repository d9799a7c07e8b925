"""诉求: what is asked for: requests, their words and states, apart from the jobs that answer them."""
