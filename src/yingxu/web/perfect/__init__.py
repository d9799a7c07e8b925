"""Perfect service (100−1=0): the rate, what spoils it, what a minute more would be worth; each opens its jobs."""
