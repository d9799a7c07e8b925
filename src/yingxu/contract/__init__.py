"""考核: what was owed: monthly assessment, deductions, appeals. Not built yet."""
