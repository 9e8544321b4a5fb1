"""Owns what is kept in folders: templates, factor sets, frozen records, the register."""
