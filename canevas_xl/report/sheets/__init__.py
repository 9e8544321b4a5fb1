"""Owns the rows of each result sheet: from an outcome to blocks of values and formulas."""
