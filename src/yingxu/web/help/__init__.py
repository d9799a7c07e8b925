"""Help: what each screen is for, on one page."""
