"""Owns the judgement on publishers' files: rows as they were read → processes and factors, with findings."""
