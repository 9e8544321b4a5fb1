"""Owns the nouns: frozen values without input or output."""
