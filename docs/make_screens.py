"""Owns two pictures of docs/pictures: the toolbar in LibreOffice and the window outside Excel, on a virtual screen.

Needs LibreOffice, Xvfb, ImageMagick (``import``, ``convert``) and the tests beside it, whose screen it uses. Usage::

    python docs/make_screens.py [--out docs/pictures]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tkinter as tk
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "e2e")]

from screen import Screen  # noqa: E402 - the tests are no package
from test_oxt import _install  # noqa: E402 - the same

from canevas_xl.addin.extension import FILE, extension_bytes  # noqa: E402
from canevas_xl.cli import bureau, main  # noqa: E402

TEMPLATE = "mobilier-bureau"
COLOURS = 64
"""Of each picture: a palette keeps the files small."""
PATIENCE = 120
"""Seconds that consolidating may take."""
SAID = 100
"""Characters, at least, of the message at its end."""
TALL = "620"
"""Lines of the screen that show something."""
FRENCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooLocale" oor:op="fuse"><value>fr</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


def make(out: Path) -> None:
    """Run the shipped example, and take both pictures of it."""
    with tempfile.TemporaryDirectory(prefix="canevas-screens-") as name:
        place = Path(name)
        place.chmod(0o755)
        os.chdir(place)  # no path of a machine shows
        folder = Path("Mobilier 2026")
        main(["demo", str(folder), "--template", TEMPLATE, "--lang", "fr"])
        (place / FILE).write_bytes(extension_bytes())
        _install(place, place / "profile")
        settings = place / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(exist_ok=True)
        settings.write_text(FRENCH, "utf-8")
        os.environ["XDG_DATA_HOME"] = str(place / "data")
        (place / "data" / "canevas-xl").mkdir(parents=True)
        (place / "data" / "canevas-xl" / "settings.json").write_text(json.dumps({"interpreter": sys.executable}))
        with Screen(shutil.which("soffice") or "soffice", place) as office:
            office.show(folder.resolve() / "resultats.xlsx")
            window = office.controller.Frame.getContainerWindow()
            window.setPosSize(0, 0, 1366, 768, 15)
            time.sleep(4)
            picture(out / "libreoffice-toolbar.png", office.environment)
            office.document.close(True)  # noqa: FBT003 - UNO takes its arguments by position
            os.environ["DISPLAY"] = office.environment["DISPLAY"]
            show_window(folder, out / "bureau.png")


def show_window(folder: Path, path: Path) -> None:
    """Consolidate in the window, and take its picture."""
    root = tk.Tk()
    root.geometry("1000x620+0+0")
    shown = bureau.window(root, "fr", folder)
    shown.buttons["consolidate"].invoke()
    until = time.monotonic() + PATIENCE
    while len(shown.text.get("1.0", "end")) < SAID and time.monotonic() < until:
        root.update()
        time.sleep(0.02)
    root.lift()
    for _ in range(20):
        root.update()
        time.sleep(0.05)
    picture(
        path, dict(os.environ), f"{root.winfo_width()}x{root.winfo_height()}+{root.winfo_rootx()}+{root.winfo_rooty()}"
    )
    root.destroy()


def picture(path: Path, environment: dict[str, str], part: str = f"1366x{TALL}+0+0") -> None:
    """Take a picture of a part of the screen."""
    subprocess.run(["import", "-window", "root", "-crop", part, str(path)], env=environment, check=True)
    subprocess.run(
        ["convert", str(path), "-strip", "+repage", "+dither", "-colors", str(COLOURS), f"PNG8:{path}"], check=True
    )
    print(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "pictures")
    make(parser.parse_args().out)
