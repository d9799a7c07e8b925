"""联接: machines at the door. Commands, worker loops, mail, messages, documents and files."""
