"""Emergencies: what to say and whom to call, incidents from confirmation to review, drills beside them."""
