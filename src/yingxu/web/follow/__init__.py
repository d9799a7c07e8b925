"""Following: one request like a parcel, by its private link or signed in; the list of one's own and the ward's."""
