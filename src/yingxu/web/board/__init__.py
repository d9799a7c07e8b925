"""The promise board: what was promised, what was kept, how sure that is, what was missed and what was done."""
