"""Work at outside companies: the link's own page, and the page of those who sent it."""
