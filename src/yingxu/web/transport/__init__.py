"""Transport on screens: who carries what from where to where; taking and giving by two identifiers."""
