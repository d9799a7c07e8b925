"""Notices: the bell, the list, how one wants to be told; who is warned when; what did not get through."""
