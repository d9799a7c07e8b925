"""The first page: a signed-in person goes on to the page of the role, others read what this is."""
