"""Owns the door to e-mail: drafts composed, received messages taken apart; nothing is sent or fetched here."""
