"""Places, people and the catalogue, one by one."""
