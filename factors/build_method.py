"""Builds the shipped method EF 3.1 from the figures that JRC publishes; same file, same bytes.

CANEVAS_REFERENCE_DATA=FOLDER python factors/build_method.py [OUT]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from data_packages import digest, read_csv, table, write


def method_files(folder: Path) -> dict[str, bytes]:
    """Give EF 3.1 as JRC publishes it: categories, normalisation per person and year, weighting."""
    rows = read_csv(folder / "ef31_method.csv")
    columns = ("code", "name_fr", "name_en", "unit_fr", "unit_en")
    names = ("code", "name_fr_ecobalyse", "name_en", "unit_fr", "unit_en")
    files = {
        "categories.csv": table(columns, ([row[name] for name in names] for row in rows)),
        "normalisation.csv": table(
            ("code", "per_person"), ((row["code"], row["normalisation_per_person"]) for row in rows)
        ),
        "weighting.csv": table(("code", "share"), ((row["code"], row["weight"]) for row in rows)),
    }
    digests = digest(files)
    lines = [
        'id = "ef-3.1"',
        'title = "Environmental Footprint 3.1"',
        'source = "European Commission, Joint Research Centre, JRC130796"',
        'doi = "10.2760/798894"',
        'normalisation = "global impact in 2010 per person and year"',
        f'sha256 = "{digests[""]}"',
        "",
        "[files]",
        *(f'"{name}" = "{digests[name]}"' for name in sorted(files)),
    ]
    return files | {"method.toml": ("\n".join(lines) + "\n").encode()}


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    write(out / "methods" / "ef-3.1", method_files(Path(os.environ["CANEVAS_REFERENCE_DATA"])))
