"""Owns the comparison, pure: notes from prices and impacts."""
