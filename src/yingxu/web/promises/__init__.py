"""Why is it due then? Each clock of a request, told line by line, for the house and for the asker."""
