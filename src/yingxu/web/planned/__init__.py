"""What is asked for ahead: again and again, or as a list for tomorrow; and the look at a patient's identifiers."""
