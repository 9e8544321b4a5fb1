"""The simulated Excel, for the tests of this folder."""

from simulated.excel import simulated_excel

__all__ = ["simulated_excel"]
