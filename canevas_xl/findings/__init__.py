"""Owns what is said about data: codes, findings, and their texts in French and English."""
