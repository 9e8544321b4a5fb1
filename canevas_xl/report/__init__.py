"""Owns what is shown: results laid out as workbook plans."""
