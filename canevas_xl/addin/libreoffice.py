"""Owns installing LibreOffice's extension for one user: with LibreOffice's own installer, and the interpreter told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.addin.extension import FILE, IDENTIFIER, extension_bytes
from canevas_xl.addin.install import refuse_the_stores, remember_interpreter
from canevas_xl.addin.places import Places
from canevas_xl.errors import Fault

NO_LIBREOFFICE: Final = "X135"
REFUSED: Final = "X136"
KNOWN: Final = (
    r"C:\Program Files\LibreOffice\program\unopkg.com",
    r"C:\Program Files (x86)\LibreOffice\program\unopkg.com",
    "/Applications/LibreOffice.app/Contents/MacOS/unopkg",
    "/usr/lib/libreoffice/program/unopkg",
    "/opt/libreoffice/program/unopkg",
)
"""Where LibreOffice puts its installer, where it is not among the commands."""
_PATIENCE: Final = 120


def installer(known: Sequence[str] = KNOWN) -> Path:
    """Find LibreOffice's installer of extensions.

    Raises:
        Fault: X135, it is nowhere.
    """
    found = shutil.which("unopkg") or next((path for path in known if Path(path).is_file()), "")
    if not found:
        raise Fault(NO_LIBREOFFICE)
    return Path(found)


def write_extension(folder: Path) -> Path:
    """Write the extension into a folder that exists.

    Raises:
        Fault: what writing meets.
    """
    write_atomically(folder / FILE, extension_bytes())
    return folder / FILE


def install_extension(places: Places, program: Path, options: Sequence[str] = ()) -> Path:
    """Install the extension for this user, in the place of an older one; LibreOffice must be closed.

    Args:
        places: the user's.
        program: LibreOffice's installer.
        options: more words for it, such as a profile.

    Returns:
        The extension, kept among the user's data.

    Raises:
        Fault: X136, LibreOffice refuses, with its reason; X138, this Python is the Store's; what writing meets.
    """
    refuse_the_stores(sys.base_prefix)
    remember_interpreter(places, sys.executable)
    extension = write_extension(places.data)
    _told([str(program), "add", "--force", *options, str(extension)])
    return extension


def remove_extension(places: Places, program: Path, options: Sequence[str] = ()) -> tuple[Path, ...]:
    """Take the extension away; what the user works with stays.

    Returns:
        The files that were there.

    Raises:
        Fault: X136, LibreOffice refuses.
    """
    extension = places.data / FILE
    if not extension.exists():
        return ()
    _told([str(program), "remove", *options, IDENTIFIER])
    extension.unlink()
    return (extension,)


def _told(command: list[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - LibreOffice's own program
            command, capture_output=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Fault(REFUSED, reason=str(problem)[:200]) from problem
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise Fault(REFUSED, reason=said[-1] if said else str(done.returncode))
