"""canevas-xl: locked Excel canvases with which public buyers and companies discuss environmental impact."""

__version__ = "0.1.0"
