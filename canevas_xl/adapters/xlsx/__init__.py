"""Owns workbooks as files: writing a plan, stamping copies, reading cells."""
