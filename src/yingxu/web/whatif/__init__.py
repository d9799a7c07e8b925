"""What if we had sent otherwise: asked on a page, answered by the analyst, shown with intervals."""
