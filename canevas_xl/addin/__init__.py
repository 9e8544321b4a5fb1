"""Owns the buttons: the registry of actions, and what makes a ribbon, a menu or a window of it."""
