"""改进: closing the gap: what is to be expected, demand against hands, what nothing fits yet; of all rooms."""
