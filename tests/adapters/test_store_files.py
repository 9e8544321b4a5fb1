"""Files are written whole or not at all, and never over another unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from canevas_xl import errors
from canevas_xl.adapters.store import files
from canevas_xl.adapters.store.files import fault_of, write_atomically, write_new
from canevas_xl.findings.messages import fault_message

NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with one file, which must end as it began."""
    (tmp_path / "ancien.xlsx").write_bytes(b"avant")
    yield tmp_path
    tmp_path.chmod(0o700)
    assert (tmp_path / "ancien.xlsx").read_bytes() == b"avant"
    assert not [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"]


@contextlib.contextmanager
def as_anybody() -> Iterator[None]:
    """Rights bind everybody but root: become somebody else for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def code_of(path: Path, data: bytes = b"x") -> str:
    with pytest.raises(errors.Fault) as caught:
        write_atomically(path, data)
    for language in ("fr", "en"):
        assert fault_message(caught.value, language)
    return caught.value.code


def test_a_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "canevas.xlsx"
    write_atomically(path, b"un")
    write_atomically(path, b"deux", lasting=False)
    assert path.read_bytes() == b"deux"
    assert [one.name for one in tmp_path.iterdir()] == ["canevas.xlsx"]


def test_the_folder_of_a_file_is_made_if_need_be(tmp_path: Path) -> None:
    write_new(tmp_path / "gel" / "L1-R1.json", b"{}")
    assert (tmp_path / "gel" / "L1-R1.json").read_bytes() == b"{}"


def test_a_file_gets_the_rights_that_new_files_get(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a.xlsx", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "vrai.xlsx").write_bytes(b"avant")
    (tmp_path / "lien.xlsx").symlink_to("vrai.xlsx")
    write_atomically(tmp_path / "lien.xlsx", b"apres")
    assert (tmp_path / "lien.xlsx").is_symlink()
    assert (tmp_path / "vrai.xlsx").read_bytes() == b"apres"


def test_what_exists_is_not_overwritten(folder: Path) -> None:
    with pytest.raises(errors.Fault, match="X105"):
        write_new(folder / "ancien.xlsx", b"x")


def test_a_missing_folder_is_named(folder: Path) -> None:
    assert code_of(folder / "absent" / "envois" / "a.xlsx") == "X101"
    assert code_of(folder / "ancien.xlsx" / "a.xlsx") == "X101"


def test_a_folder_that_one_may_not_write_in_is_said(folder: Path) -> None:
    folder.chmod(0o500)
    with as_anybody():
        assert code_of(folder / "a.xlsx") == "X102"
        assert code_of(folder / "ancien.xlsx") == "X102"


@pytest.mark.parametrize("lock", ["~$ancien.xlsx", ".~lock.ancien.xlsx#"])
def test_a_file_that_a_spreadsheet_program_holds_is_left_alone(folder: Path, lock: str) -> None:
    (folder / lock).touch()
    assert code_of(folder / "ancien.xlsx") == "X103"
    write_atomically(folder / "autre.xlsx", b"x")


def windows(number: int, error: int, path: Path) -> OSError:
    """What Windows raises, which says more than its number."""
    problem = OSError(error, "denied", str(path))
    problem.winerror = number  # type: ignore[attr-defined]
    return problem


@pytest.mark.parametrize("looks", [1, 3])
def test_a_virus_scanner_that_looks_at_a_new_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    moves, refusals, waits = Path.replace, [5, 32, 33][:looks], []

    def held(path: Path, target: Path) -> Path:
        if refusals:
            raise windows(refusals.pop(), errno.EACCES, path)
        return moves(path, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(files.time, "sleep", waits.append)
    write_atomically(tmp_path / "a.xlsx", b"x")
    assert (tmp_path / "a.xlsx").read_bytes() == b"x"
    assert waits == [0.05, 0.1, 0.2][:looks]


def test_a_file_that_excel_does_not_let_go_of_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(path: Path, _: Path) -> Path:
        raise windows(32, errno.EACCES, path)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(files.time, "sleep", lambda _: None)
    assert code_of(folder / "ancien.xlsx") == "X103"


def test_a_path_that_is_too_long_is_said(tmp_path: Path) -> None:
    assert code_of(tmp_path / f"{'a' * 300}.xlsx") == "X113"
    assert fault_of(windows(3, errno.ENOENT, tmp_path / "b" / "c.xlsx"), tmp_path / "c.xlsx").code == "X101"
    assert fault_of(windows(3, errno.ENOENT, tmp_path / "b" / ("c" * 250)), tmp_path / "c.xlsx").code == "X113"


def test_a_folder_is_not_a_place_for_a_file(folder: Path) -> None:
    assert code_of(folder) == "X110"


def test_a_quota_reached_leaves_nothing_half_written(folder: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        assert code_of(folder / "ancien.xlsx", bytes(10_000)) == "X104"
        assert code_of(folder / "nouveau.xlsx", bytes(10_000)) == "X104"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in folder.iterdir()] == ["ancien.xlsx"]


MOUNT = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "none"]
FULL_DISK = """
import sys
from pathlib import Path
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.errors import Fault
folder = Path(sys.argv[1])
(folder / "ancien.xlsx").write_bytes(b"avant")
try:
    write_atomically(folder / "ancien.xlsx", bytes(1 << 20))
except Fault as fault:
    print(fault.code, (folder / "ancien.xlsx").read_bytes().decode(), len(list(folder.iterdir())))
"""


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    if (
        shutil.which("unshare") is None
        or subprocess.run([*MOUNT, tmp_path], check=False, capture_output=True).returncode
    ):
        pytest.skip("this system lets nobody mount a small disk; the quota test covers the same code")
    script = f'mount -t tmpfs -o size=64k none "$1" && exec "{sys.executable}" -c "$2" "$1"'
    command = ["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path), FULL_DISK]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["X104", "avant", "1"]
