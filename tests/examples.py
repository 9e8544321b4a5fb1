"""The worked examples of the three shipped templates: what their suppliers answer, and the published figures."""

from __future__ import annotations


def dishes(*counts: int) -> dict[str, float]:
    return {f"P{number:02d}": count for number, count in enumerate(counts, start=1)}


MEALS = {
    "A": dishes(4, 0, 0, 2, 4, 1, 3, 1, 0, 1, 3, 1)
    | {"K1": 250_000, "K2": 350_000, "K3": 0, "K4": 0, "C1": "REUSABLE"}
    | {"D1": "DIESEL", "D2": 30, "D3": 4, "D4": 9, "D5": 100},
    "B": dishes(3, 1, 1, 3, 4, 1, 4, 0, 0, 1, 2, 0)
    | {"K1": 90_000, "K2": 45_000, "K3": 117_000, "K4": 0, "C1": "FIBRE", "C2": 12}
    | {"D1": "DIESEL", "D2": 25, "D3": 5, "D4": 11, "D5": 100},
    "C": dishes(4, 0, 0, 0, 3, 0, 1, 3, 2, 0, 6, 1)
    | {"K1": 600_000, "K2": 960_000, "K3": 0, "K4": 0, "C1": "REUSABLE"}
    | {"D1": "ELEC", "D2": 40, "D3": 5, "D4": 35, "D5": 50},
}
UNFAVOURABLE = dishes(5, 1, 2, 2, 2, 0, 4, 0, 1, 1, 2, 0)

DESK_AND_CHAIR = {
    "DESK.M0": 38, "DESK.M1": 18, "DESK.M3": 19, "DESK.M4": 0.6, "DESK.M5": 0,
    "CHAIR.M0": 15, "CHAIR.M1": 6, "CHAIR.M3": 1, "CHAIR.M4": 5, "CHAIR.M5": 2.5,
    "A": "NON", "R1": 0, "R2": 0, "E1": 4, "E2": 0.5,
    "LEG1.T1": "SEMI", "LEG1.T2": 800, "LEG2.T1": "VUL", "LEG2.T2": 60, "G": 10,
}  # fmt: skip
MASSES_ONLY = {
    "DESK.M0": 38, "CHAIR.M0": 15, "A": "NON", "E1": 6, "E2": 0.8,
    "LEG1.T1": "SEMI", "LEG1.T2": 1500, "LEG2.T1": "VUL", "LEG2.T2": 100, "G": 5,
}  # fmt: skip
FURNITURE = {
    "A": (DESK_AND_CHAIR, 153.7708, 15.377),
    "B": (DESK_AND_CHAIR | {"R1": 30, "R2": 50, "G": 12}, 138.4984, 11.542),
    "C": (MASSES_ONLY, 254.7837, 25.478),
    "D": ({key: value for key, value in MASSES_ONLY.items() if key != "A"}, 463.0816, 46.308),
    "R": (
        {
            "DESK.M0": 38, "DESK.M1": 2, "DESK.M3": 3, "DESK.M4": 0.3, "DESK.M5": 0, "DESK.M6": 32.7,
            "CHAIR.M0": 15, "CHAIR.M4": 0.5, "CHAIR.M5": 1, "CHAIR.M6": 13.5,
            "A": "NON", "R1": 0, "R2": 0, "E1": 2, "E2": 0.2,
            "LEG1.T1": "SEMI", "LEG1.T2": 300, "LEG2.T1": "VUL", "LEG2.T2": 60, "G": 10,
        },
        47.2709,
        4.727,
    ),
}  # fmt: skip

DEVICES = {
    "new": ("LAPTOP", "NEW", 28, 3, 32.656),
    "thrifty": ("LAPTOP", "NEW", 20, 5, 32.240),
    "lasting": ("LAPTOP", "NEW", 28, 7, 23.742),
    "refurbished": ("LAPTOP", "REFURBISHED", 35, 2, 14.820),
    "refurbished, lasting": ("LAPTOP", "REFURBISHED", 35, 5, 9.620),
    "screen": ("SCREEN_L", "NEW", 40, 5, 51.680),
    "desktop": ("DESKTOP", "NEW", 60, 5, 36.920),
}
"""Kind, state, kWh per year, years of warranty → kg CO2 eq. per year."""
