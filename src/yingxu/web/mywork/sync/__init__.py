"""The server's side of the phone's queue: commands that come late, in order, maybe twice; what the phone carries."""
