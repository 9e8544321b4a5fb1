"""Owns the use cases, and the ports that they look through."""
