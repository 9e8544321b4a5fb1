"""The office program in tests: a private LibreOffice, driven through UNO as a supplier would use it.

``Office`` starts one program; ``Book`` is one open workbook. Values typed through UNO ignore validations and locks
(only the graphical program applies them: see tests/e2e).
"""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Self

from endless import PATIENCE

DEBIAN_PACKAGES = "/usr/lib/python3/dist-packages"


def _uno() -> Any:
    # Debian keeps the bridge outside virtual environments; appended, so that nothing else there is preferred.
    if DEBIAN_PACKAGES not in sys.path:
        sys.path.append(DEBIAN_PACKAGES)
    import uno  # noqa: PLC0415 - only where the office program is installed

    return uno


def property_value(name: str, value: Any) -> Any:
    """Make a UNO property."""
    _uno()
    from com.sun.star.beans import PropertyValue  # noqa: PLC0415 - exists once uno is imported

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


class Office:
    """A private LibreOffice with its own profile; use it as a context."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.profile = folder / "profile"
        self.pipe = f"canevas{uuid.uuid4().hex[:12]}"
        self.process: subprocess.Popen[bytes] | None = None
        self.desktop: Any = None

    def __enter__(self) -> Self:
        self._start()
        try:
            self.desktop = self._connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [
                self.program, "--headless", "--invisible", "--norestore", "--nologo", "--nodefault",
                f"-env:UserInstallation={self.profile.as_uri()}", f"--accept=pipe,name={self.pipe};urp;",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _connect(self) -> Any:
        uno = _uno()
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
                self.context: Any = context
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            except Exception as error:
                gone = self.process is None or self.process.poll() is not None
                if gone or time.monotonic() > until:
                    raise TimeoutError("LibreOffice did not answer") from error
                time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def open(self, path: Path) -> Book:
        """Open a workbook, hidden."""
        document = self.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (property_value("Hidden", True),))
        assert document is not None, f"LibreOffice could not open {path.name}"
        return Book(document)


class Book:
    """One open workbook; use it as a context, so that it is closed."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close(True)

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Names of all sheets, hidden ones too."""
        return tuple(self.document.Sheets.ElementNames)

    def type(self, sheet: str, row: int, column: int, value: float | str) -> None:
        """Put a number or a text in a cell (zero-based), whatever its lock."""
        cell = self.document.Sheets.getByName(sheet).getCellByPosition(column, row)
        if isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(float(value))

    def unprotect(self) -> None:
        """Take the protection of every sheet off (there is no password)."""
        for name in self.sheet_names:
            self.document.Sheets.getByName(name).unprotect("")

    def recalculate(self) -> None:
        """Compute every formula anew."""
        self.document.calculateAll()

    def values(self, sheet: str) -> dict[tuple[int, int], float | str]:
        """Non-empty cells of a sheet by (row, column), zero-based; errors are texts such as ``#N/A``."""
        uno = _uno()
        page = self.document.Sheets.getByName(sheet)
        cursor = page.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        area = page.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow)
        found: dict[tuple[int, int], float | str] = {
            (row, column): value
            for row, line in enumerate(area.getDataArray())
            for column, value in enumerate(line)
            if value != "" and value is not None and not isinstance(value, uno.ByteSequence)
        }
        errors = page.queryFormulaCells(4)  # com.sun.star.sheet.FormulaResult.ERROR
        for address in errors.RangeAddresses:
            for row in range(address.StartRow, address.EndRow + 1):
                for column in range(address.StartColumn, address.EndColumn + 1):
                    found[row, column] = page.getCellByPosition(column, row).getString()
        return found

    def save_pdf(self, path: Path) -> None:
        """Print the workbook to a PDF file."""
        self.document.storeToURL(path.as_uri(), (property_value("FilterName", "calc_pdf_Export"),))

    def save_xlsx(self, path: Path) -> None:
        """Save it as Excel does, through LibreOffice's own writer."""
        self.document.storeToURL(path.as_uri(), (property_value("FilterName", "Calc MS Excel 2007 XML"),))
