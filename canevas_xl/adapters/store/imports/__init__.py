"""Owns the reading of publishers' files and the buyer's own, and the model that a buyer fills."""
