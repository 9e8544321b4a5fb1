"""The argument file: what is written is read; what is odd is refused, and nothing outside its folder is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from canevas_xl.addin.arguments import LARGEST, Arguments, read_arguments, write_arguments
from canevas_xl.addin.places import Places
from canevas_xl.addin.registry import Ask
from canevas_xl.errors import Fault

MARK = b"\xff\xfe"
AWKWARD = Arguments(
    "C:\\nouveau\\L'été\\société & Co",
    "C:\\nouveau\\L'été\\société & Co\\Réponse = 100 % (2).xlsx",
    {Ask.REASON: "Prix confirmé = 12,5 € \\ « oui »", Ask.FILES: "C:\\a\\n.xlsx\nC:\\b;c.eml"},
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "temp").mkdir()
    return Places(tmp_path, tmp_path / "logs")


def laid(places: Places, data: bytes, name: str = "request-1.txt") -> Path:
    path = places.requests / name
    path.write_bytes(data)
    return path


def text(content: str) -> bytes:
    return MARK + content.encode("utf-16-le")


def refusal(path: Path, places: Places) -> str:
    with pytest.raises(Fault) as refused:
        read_arguments(path, places)
    assert refused.value.code == "X131"
    return str(refused.value.facts["reason"])


def test_what_was_written_is_read_and_removed(places: Places) -> None:
    path = write_arguments(AWKWARD, places)

    assert read_arguments(path, places) == AWKWARD
    assert list(places.requests.iterdir()) == []


def test_a_folder_that_is_not_there_yet_is_made_for_its_owner_only(tmp_path: Path) -> None:
    path = write_arguments(Arguments("/a", "/a/b.xlsx"), Places(tmp_path / "new", tmp_path))

    assert path.parent.stat().st_mode & 0o077 == 0
    assert path.stat().st_mode & 0o077 == 0


def test_windows_line_ends_and_missing_keys_are_fine(places: Places) -> None:
    path = laid(places, text("workbook=https://x.example/d/Réponse = 2.xlsx\r\n\r\nanswer.choice=accept\r\n"))

    read = read_arguments(path, places)

    assert read == Arguments("", "https://x.example/d/Réponse = 2.xlsx", {Ask.CHOICE: "accept"})
    assert read.name == "Réponse = 2.xlsx"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text("code=import os\n"), "key"),
        (text("answer.template\n"), "key"),
        (text("answer.other=x\n"), "key"),
        (text("Folder=x\n"), "key"),
        (text("folder=a\nfolder=b\n"), "key"),
        (text("folder=a\0b\n"), "control"),
        (text("folder=a\x1b[2J\n"), "control"),
        (text("folder=a\x85b\n"), "control"),
        (text("folder=a\\nworkbook\n"), "control"),
        (text("folder=C:\\temp\n"), "escape"),
        (text("folder=C:\\\n"), "escape"),
        (text("answer.reason=" + "x" * LARGEST), "size"),
        (b"folder=a\n", "encoding"),
        ("folder=a\n".encode("utf-16-be"), "encoding"),
        (MARK + b"f\0o", "encoding"),
        (MARK + b"\x00\xd8a\0", "encoding"),
        (b"", "encoding"),
    ],
)
def test_what_is_odd_is_refused_and_removed(places: Places, data: bytes, reason: str) -> None:
    path = laid(places, data)

    assert refusal(path, places) == reason
    assert not path.exists()


def test_a_file_elsewhere_is_neither_read_nor_removed(places: Places, tmp_path: Path) -> None:
    other = tmp_path / "request-1.txt"
    other.write_bytes(text("folder=a\n"))

    assert refusal(other, places) == "place"
    assert refusal(places.requests / ".." / "request-1.txt", places) == "place"
    assert refusal(places.requests / "sub" / "request-1.txt", places) == "place"
    assert other.exists()


@pytest.mark.parametrize("name", ["request 1.txt", "request-1.py", ".txt", "x" * 100 + ".txt", "a.b.txt"])
def test_another_kind_of_name_is_refused(places: Places, name: str) -> None:
    assert refusal(laid(places, text("folder=a\n"), name), places) == "place"


def test_a_relative_path_is_refused(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    laid(places, text("folder=a\n"))
    monkeypatch.chdir(places.requests)

    assert refusal(Path("request-1.txt"), places) == "place"


def test_a_link_is_refused_and_what_it_shows_stays(places: Places, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(text("folder=a\n"))
    link = places.requests / "request-1.txt"
    link.symlink_to(secret)

    assert refusal(link, places) == "link"
    assert secret.exists()


def test_what_is_no_file_is_refused(places: Places) -> None:
    (places.requests / "request-1.txt").mkdir()
    assert refusal(places.requests / "request-1.txt", places) in {"link", "unreadable"}


def test_a_missing_file_is_refused(places: Places) -> None:
    assert refusal(places.requests / "request-1.txt", places) == "unreadable"


def test_names_of_argument_files_cannot_be_guessed(places: Places) -> None:
    assert len({write_arguments(Arguments(), places) for _ in range(20)}) == 20
    assert all(os.path.getsize(path) < 200 for path in places.requests.iterdir())  # noqa: PTH202 - a size, no more


def test_a_file_of_another_user_is_not_read(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_arguments(AWKWARD, places)
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    assert refusal(path, places) == "owner"
