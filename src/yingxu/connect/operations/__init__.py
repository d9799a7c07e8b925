"""Commands for whoever runs an installation: migrate, createadmin, token, check, backup, restore, audit."""
