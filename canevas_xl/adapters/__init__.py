"""Owns the doors to the outside; they know the ports by shape and not each other."""
