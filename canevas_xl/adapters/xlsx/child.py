"""Owns disposable processes: a parser that may crash, hang or eat the memory is run in one, within limits.

The child is a fresh interpreter that sees neither the caller's environment nor its folder, opens no connection and
starts no program. What it says is text; a signal, a time-out or too much of it is a fault on that file, and no more.
The clock is bounded everywhere by who waits. The child bounds itself first: its memory and processor time on Linux, the
time alone on macOS, both on Windows, by a job object that was never tried there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from canevas_xl.adapters.xlsx.jobs import OUTPUT
from canevas_xl.errors import Fault

STOPPED: Final = "X140"
MIB: Final = 1 << 20
KEPT: Final = ("SYSTEMROOT", "PATH", "TEMP", "TMP", "LANG")
"""What an interpreter needs of the environment to start at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use."""

    memory: int = 400 * MIB
    seconds: int = 10
    """Of the clock, and of the processor."""


def in_child(module: str, path: Path, limits: Limits | None = None) -> bytes:
    """Run ``python -m module PATH MEMORY SECONDS`` and give what it says.

    Raises:
        Fault: X140, it was stopped, crashed or refused; the reason is a short text.
    """
    bounds = limits or Limits()
    command = [
        sys.executable, "-I", "-X", "utf8", "-m", module, str(path.resolve()), str(bounds.memory), str(bounds.seconds),
    ]  # fmt: skip
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with (
        # On Windows a child that is being stopped may hold its folder a little longer.
        tempfile.TemporaryDirectory(prefix="canevas-xl-", ignore_cleanup_errors=True) as empty,
        tempfile.TemporaryFile() as said,
    ):
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        with subprocess.Popen(  # noqa: S603 - our own interpreter and module; the path is an argument, never a command
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.DEVNULL,
            cwd=empty,
            env=environment,
            creationflags=flags,
        ) as process:
            code = _waited(process, bounds.seconds)
        if code != 0:
            raise Fault(STOPPED, path=path.name, reason=_reason(code, bounds.seconds))
        said.seek(0)
        text = said.read(OUTPUT + 1)
    if len(text) > OUTPUT:
        raise Fault(STOPPED, path=path.name, reason=f"> {OUTPUT // MIB} MiB")
    return text


def _waited(process: subprocess.Popen[bytes], seconds: int) -> int | None:
    """Give the exit code; None where it had to be stopped."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def _reason(code: int | None, seconds: int) -> str:
    if code is None:
        return f"> {seconds} s"
    return f"signal {-code}" if code < 0 else f"code {code}"
