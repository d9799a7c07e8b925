"""The handbook: a book for everybody, what changed in it, three questions and a signature; who has not read what."""
