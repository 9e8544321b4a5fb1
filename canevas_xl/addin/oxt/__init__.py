"""Owns the component of the LibreOffice extension."""
