"""Owns the design and issue of canvases, pure: lint, seal, plan workbooks."""
