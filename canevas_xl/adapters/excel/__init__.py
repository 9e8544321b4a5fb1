"""Owns the door to a running Excel, over xlwings."""
