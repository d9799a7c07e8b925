"""Rating stands: three faces full screen, and their figures."""
