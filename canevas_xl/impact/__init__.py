"""Owns the assessment, pure: inventory, characterisation, weighting."""
