"""地基: the ground that every room stands on.

Sites and their places, parties and the contracts between them, accounts and what they may do, files, and the ledger:
one append-only table in which every room records its facts, with the unit of work that writes rows and facts together.
"""
