"""Owns installing the add-in for one user of Excel: what is laid where, whether it will start, and taking it away.

Windows: the folder that Excel loads at start (XLSTART), and one value of the registry that VBA reads with GetSetting.
macOS: the start-up folder of the Office programs, and an AppleScript that alone may start a program from the sandbox.
The interpreter is the one that runs this command; it must be able to import the program in its isolated mode.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, Final, Protocol

from canevas_xl import resources
from canevas_xl.adapters.store.files import fault_of, write_atomically
from canevas_xl.addin.extension import FILE as EXTENSION
from canevas_xl.addin.places import Places, user_places
from canevas_xl.addin.xlam import FILE_NAME, HASH_NAME, fingerprint, hash_line, xlam_bytes
from canevas_xl.errors import Fault

NO_EXCEL: Final = "X132"
NOT_READY: Final = "X133"
FROM_THE_STORE: Final = "X138"
REGISTRY_KEY: Final = r"Software\VB and VBA Program Settings\canevas-xl\launcher"
"""Under HKEY_CURRENT_USER: where VBA's GetSetting looks."""
SCRIPT: Final = "canevas-xl.applescript"
_PATIENCE: Final = 60
"""Seconds given to an interpreter, whose first start an antivirus may hold up."""
_TRIAL: Final = (
    "import sys, canevas_xl.addin.arguments, xlwings; "
    "sys.platform not in ('win32', 'darwin') or xlwings.engines['excel']"
)
SHARED_PYTHON: Final = "/Library/Application Support/canevas-xl/venv/bin/python"
"""macOS: where an IT department installs the program for all users."""


class Settings(Protocol):
    """What VBA's GetSetting reads."""

    def get(self, name: str) -> str:
        """Give a value; empty where there is none."""

    def put(self, name: str, value: str) -> None:
        """Write a value; an empty one takes it away."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One user's Excel, on a system that has one."""

    places: Places
    startup: Path
    """The folder whose add-ins Excel loads."""
    excel: Path
    """What is there only where Excel is, or was once started."""
    script: Path | None = None
    """macOS: the AppleScript."""
    settings: Settings | None = None
    """Windows: the registry."""

    @property
    def addin(self) -> Path:
        """The add-in, where Excel loads it."""
        return self.startup / FILE_NAME


@dataclass(frozen=True, slots=True)
class Status:
    """What is installed."""

    addin: Path
    installed: bool
    current: bool
    """The add-in is this version's, byte for byte."""
    interpreter: str
    """Empty where none is set: then fixed places are tried."""
    trouble: str
    """Why the interpreter would not start the program; empty where it would."""
    log: Path


def user_desk(
    system: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Desk:
    """Find the user's Excel.

    Raises:
        Fault: X132, a system without Excel.
    """
    own = home or Path.home()
    places = user_places(system, environment, own)
    if system == "win32":
        roaming = Path(environment.get("APPDATA") or own / "AppData" / "Roaming") / "Microsoft" / "Excel"
        return Desk(places, roaming / "XLSTART", roaming, settings=_registry())
    if system == "darwin":
        office = own / "Library" / "Group Containers" / "UBF8T346G9.Office"
        startup = office / "User Content.localized" / "Startup.localized" / "Excel"
        script = own / "Library" / "Application Scripts" / "com.microsoft.Excel" / SCRIPT
        return Desk(places, startup, office, script=script)
    raise Fault(NO_EXCEL, place=system)


def build(folder: Path) -> tuple[Path, str]:
    """Write the add-in and its fingerprint into a folder.

    Returns:
        The add-in, and its SHA-256.

    Raises:
        Fault: X101 to X104, X110: what writing meets.
    """
    data = xlam_bytes()
    _made(folder)
    write_atomically(folder / FILE_NAME, data)
    write_atomically(folder / HASH_NAME, hash_line(data).encode())
    return folder / FILE_NAME, fingerprint(data)


def lay_out(folder: Path) -> tuple[Path, ...]:
    r"""Write what an IT department deploys: the add-in for XLSTART, its fingerprint, the script for macOS.

    The program itself is looked for in a fixed place: ``%ProgramFiles%\canevas-xl\venv`` (see
    ``addin/vba/CanevasLauncher.bas``), and ``SHARED_PYTHON`` on macOS.

    Raises:
        Fault: what writing meets.
    """
    addin, _ = build(folder)
    write_atomically(folder / SCRIPT, _script(SHARED_PYTHON))
    return (addin, folder / HASH_NAME, folder / SCRIPT)


def install(desk: Desk, python: str = sys.executable, origin: str = sys.base_prefix) -> tuple[Path, ...]:
    """Lay the add-in where Excel loads it, and tell it the interpreter.

    Args:
        desk: the user's Excel.
        python: the interpreter that a button starts.
        origin: folder of the Python that it was made from.

    Returns:
        The files that were written.

    Raises:
        Fault: X132 Excel is not here; X133 the interpreter could not start the program; X138 it is the Store's; X102
            to X104, X110 what writing meets (X103: Excel is open and holds the add-in).
    """
    refuse_the_stores(origin)
    if not desk.excel.is_dir():
        raise Fault(NO_EXCEL, place=str(desk.excel))
    windowless = _windowless(python)
    reason = trouble(windowless)
    if reason:
        raise Fault(NOT_READY, python=windowless, reason=reason)
    data, written = xlam_bytes(), [desk.addin]
    _made(desk.startup)
    write_atomically(desk.addin, data)
    if desk.script:
        _made(desk.script.parent)
        write_atomically(desk.script, _script(windowless))
        written.append(desk.script)
    if desk.settings:
        desk.settings.put("python", windowless)
    remember_interpreter(desk.places, windowless)
    return tuple(written)


def refuse_the_stores(origin: str) -> None:
    """Refuse a Python from the Microsoft Store: Windows keeps what it writes, files and registry, for itself alone.

    Raises:
        Fault: X138.
    """
    if "windowsapps" in (part.lower() for part in PureWindowsPath(origin).parts):
        raise Fault(FROM_THE_STORE, python=origin)


def remember_interpreter(places: Places, python: str) -> None:
    """Write the interpreter in the user's settings, where LibreOffice's extension finds it.

    Raises:
        Fault: what writing meets.
    """
    _made(places.data)
    write_atomically(places.settings, json.dumps({"interpreter": python}, ensure_ascii=False).encode())


def remove(desk: Desk) -> tuple[Path, ...]:
    """Take away what :func:`install` wrote; what the user works with (log, folders of campaigns) stays.

    Returns:
        The files that were there.

    Raises:
        Fault: X102, X103, X110: a file could not be removed.
    """
    removed = []
    shared = (desk.places.data / EXTENSION).exists()  # LibreOffice's extension finds the interpreter there too
    for path in (desk.addin, desk.script, None if shared else desk.places.settings):
        if path is None or not path.exists():
            continue
        try:
            path.unlink()
        except OSError as problem:
            raise fault_of(problem, path) from problem
        removed.append(path)
    if desk.settings:
        desk.settings.put("python", "")
    return tuple(removed)


def status(desk: Desk) -> Status:
    """Tell what is installed, and whether it would start."""
    there = desk.addin.is_file()
    current = there and fingerprint(desk.addin.read_bytes()) == fingerprint(xlam_bytes())
    python = _interpreter(desk)
    return Status(desk.addin, there, current, python, trouble(python) if python else "", desk.places.log)


def trouble(python: str) -> str:
    """Try to start the program as a button does, isolated from the user's own packages.

    Returns:
        Why it does not start, in one line; empty where it does.
    """
    try:
        tried = subprocess.run(  # noqa: S603 - the interpreter that the user installs
            [python, "-I", "-X", "utf8", "-c", _TRIAL],
            capture_output=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if tried.returncode == 0:
        return ""
    said = tried.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else str(tried.returncode)


def _windowless(python: str) -> str:
    """Give the interpreter without a console that lies beside ``python.exe``; elsewhere the same."""
    path = Path(python)
    beside = path.with_name("pythonw.exe")
    return str(beside) if path.name.lower() == "python.exe" and beside.is_file() else python


def _interpreter(desk: Desk) -> str:
    if desk.settings:
        return desk.settings.get("python")
    try:
        return str(json.loads(desk.places.settings.read_text("utf-8"))["interpreter"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _script(python: str) -> bytes:
    """Write the AppleScript for an interpreter."""
    text = (resources.PACKAGE / "addin" / "vba" / SCRIPT).read_text("utf-8")
    quoted = python.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("@INTERPRETER@", quoted).encode()


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise fault_of(problem, folder) from problem


class _Registry:
    """The values that VBA's GetSetting reads, in the registry of Windows."""

    def __init__(self, winreg: Any) -> None:
        self._winreg = winreg

    def get(self, name: str) -> str:
        """Give a value; empty where there is none."""
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, REGISTRY_KEY) as key:
                return str(self._winreg.QueryValueEx(key, name)[0])
        except FileNotFoundError:
            return ""

    def put(self, name: str, value: str) -> None:
        """Write a value; an empty one takes it away."""
        try:
            with self._winreg.CreateKey(self._winreg.HKEY_CURRENT_USER, REGISTRY_KEY) as key:
                if value:
                    self._winreg.SetValueEx(key, name, 0, self._winreg.REG_SZ, value)
                elif self.get(name):
                    self._winreg.DeleteValue(key, name)
        except OSError as problem:
            raise fault_of(problem, Path(f"HKEY_CURRENT_USER\\{REGISTRY_KEY}")) from problem


def _registry() -> Settings | None:
    """Open the registry; elsewhere than on Windows there is none."""
    try:
        return _Registry(importlib.import_module("winreg"))
    except ImportError:
        return None
