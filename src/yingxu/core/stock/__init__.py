"""Stock as numbers: which lots are taken first, what a quantity costs."""
