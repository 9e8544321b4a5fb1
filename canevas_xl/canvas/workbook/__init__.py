"""Owns the plan of the supplier's workbook, one module per sheet."""

from canevas_xl.canvas.workbook.plan import plan_canvas

__all__ = ["plan_canvas"]
