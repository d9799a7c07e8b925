"""The fuse box: settings, addresses, the servers' entry points, the embedded database."""
