"""Every other door, one path: what comes by mail, from a bot or a broker is kept, then becomes a request."""
