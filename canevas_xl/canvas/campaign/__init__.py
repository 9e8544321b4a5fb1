"""Owns the plan of the buyer's workbook, ``campagne.xlsx``."""

from canevas_xl.canvas.campaign.plan import CAMPAIGN_PROPERTY, TEMPLATE_PROPERTY, plan_campaign

__all__ = ["CAMPAIGN_PROPERTY", "TEMPLATE_PROPERTY", "plan_campaign"]
