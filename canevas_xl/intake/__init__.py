"""Owns the reading of what comes back, pure: locate, parse, compare."""
