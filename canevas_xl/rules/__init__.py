"""Owns the expression language at work: text to tree, tree to value, tree to spreadsheet formula."""
