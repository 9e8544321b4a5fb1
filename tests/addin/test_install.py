"""Installing the add-in: laid where Excel loads it, only if it will start; said plainly where it cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from surroundings import small_quota, without_right_to_write

from canevas_xl.addin import install as installing
from canevas_xl.addin.install import Desk, build, install, lay_out, remove, status, user_desk
from canevas_xl.addin.places import Places
from canevas_xl.addin.xlam import fingerprint, xlam_bytes
from canevas_xl.cli import main
from canevas_xl.errors import Fault

HOME = Path("/home/hélène")


class Kept:
    """Settings in memory, where the registry would be."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def put(self, name: str, value: str) -> None:
        self.values[name] = value


@pytest.fixture
def settings() -> Kept:
    return Kept()


@pytest.fixture
def desk(tmp_path: Path, settings: Kept) -> Desk:
    """A user of Windows with a name of many letters, who started Excel once."""
    excel = tmp_path / "L'été" / "Microsoft" / "Excel"
    excel.mkdir(parents=True)
    places = Places(tmp_path / "data", tmp_path / "logs")
    return Desk(places, excel / "XLSTART", excel, settings=settings)


@pytest.fixture
def mac(desk: Desk, tmp_path: Path) -> Desk:
    return replace(
        desk, settings=None, script=tmp_path / "Application Scripts" / "com.microsoft.Excel" / "c.applescript"
    )


def code(fault: pytest.ExceptionInfo[Fault]) -> str:
    return fault.value.code


def test_excel_finds_the_add_in_and_the_interpreter(desk: Desk, settings: Kept) -> None:
    written = install(desk)

    assert written == (desk.startup / "canevas.xlam",)
    assert desk.addin.read_bytes() == xlam_bytes()
    assert settings.get("python") == sys.executable
    assert json.loads(desk.places.settings.read_text("utf-8")) == {"interpreter": sys.executable}


@pytest.mark.parametrize(
    "origin",
    [
        r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2800.0_x64__qbz5n2kfra8p0",
        r"c:\program files\windowsapps\x",
    ],
)
def test_a_python_from_the_store_is_refused_before_anything_is_written(desk: Desk, origin: str) -> None:
    with pytest.raises(Fault) as caught:
        install(desk, origin=origin)

    assert code(caught) == "X138"
    assert not desk.startup.exists()


def test_on_macos_a_script_knows_the_interpreter(mac: Desk) -> None:
    written = install(mac)

    assert mac.script is not None
    assert written == (mac.addin, mac.script)
    assert f'property interpreter : "{sys.executable}"' in mac.script.read_text("utf-8")


def test_installing_twice_and_over_an_older_version_is_fine(desk: Desk) -> None:
    desk.startup.mkdir()
    desk.addin.write_bytes(b"older")
    assert status(desk).current is False

    install(desk)
    install(desk)

    assert status(desk).current is True


def test_an_interpreter_that_cannot_import_the_program_is_refused_before_anything_is_written(
    desk: Desk, tmp_path: Path
) -> None:
    bare = tmp_path / "bare python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', "utf-8")
    bare.chmod(0o755)

    with pytest.raises(Fault) as fault:
        install(desk, str(bare))

    assert code(fault) == "X133"
    assert "No module named" in str(fault.value.facts["reason"])
    assert not desk.startup.exists()


def test_an_interpreter_that_is_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        install(desk, str(tmp_path / "python.exe"))

    assert code(fault) == "X133"


def test_the_interpreter_is_tried_isolated_from_folder_and_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "canevas_xl.py").write_text("raise SystemExit(9)", "utf-8")
    (tmp_path / "xlwings.py").write_text("raise SystemExit(9)", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert installing.trouble(sys.executable) == ""


def test_a_console_less_interpreter_beside_it_is_preferred(
    desk: Desk, settings: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("python.exe", "pythonw.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(installing, "trouble", lambda _: "")  # no program of Windows runs here

    install(desk, str(tmp_path / "python.exe"))

    assert settings.get("python") == str(tmp_path / "pythonw.exe")


def test_without_excel_nothing_is_installed(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Fault) as fault:
        install(replace(desk, excel=tmp_path / "none"))

    assert (code(fault), fault.value.facts) == ("X132", {"place": str(tmp_path / "none")})


def test_a_folder_without_rights_is_named(desk: Desk) -> None:
    with without_right_to_write(desk.excel), pytest.raises(Fault) as fault:
        install(desk)

    assert code(fault) == "X102"


def test_an_excel_that_holds_the_add_in_is_named(desk: Desk) -> None:
    desk.startup.mkdir()
    desk.addin.write_bytes(b"older")
    (desk.startup / "~$canevas.xlam").touch()

    with pytest.raises(Fault) as fault:
        install(desk)

    assert code(fault) == "X103"
    assert desk.addin.read_bytes() == b"older"


def test_a_full_disk_leaves_no_half_add_in(desk: Desk) -> None:
    with small_quota(32 * 1024), pytest.raises(Fault) as fault:  # room for the temporary file, not for the add-in
        install(desk)

    assert (code(fault), fault.value.facts) == ("X104", {"path": str(desk.addin)})
    assert list(desk.startup.iterdir()) == []


def test_no_room_for_a_temporary_file_is_a_fault_too(desk: Desk) -> None:
    with small_quota(), pytest.raises(Fault) as fault:
        install(desk)

    assert code(fault) == "X104"
    assert not desk.startup.exists()


def test_status_says_what_is_there_and_whether_it_would_start(desk: Desk, settings: Kept) -> None:
    before = status(desk)
    assert (before.installed, before.current, before.interpreter, before.trouble) == (False, False, "", "")

    install(desk)
    after = status(desk)
    assert (after.installed, after.current, after.interpreter, after.trouble) == (True, True, sys.executable, "")

    settings.put("python", "/nowhere/python")
    assert "/nowhere/python" in status(desk).trouble


def test_status_on_macos_reads_what_install_wrote(mac: Desk) -> None:
    install(mac)

    assert status(mac).interpreter == sys.executable


def test_removing_it_leaves_the_interpreter_to_libreoffices_extension(desk: Desk) -> None:
    install(desk)
    (desk.places.data / "canevas.oxt").touch()
    assert remove(desk) == (desk.addin,)
    assert desk.places.settings.exists()


def test_remove_takes_away_what_install_wrote_and_nothing_else(desk: Desk, settings: Kept) -> None:
    install(desk)
    desk.places.folders.write_text("{}", "utf-8")

    removed = remove(desk)

    assert set(removed) == {desk.addin, desk.places.settings}
    assert settings.get("python") == ""
    assert desk.places.folders.exists()
    assert remove(desk) == ()


def test_the_folder_for_an_it_department_holds_three_files_always_the_same(tmp_path: Path) -> None:
    first, second = lay_out(tmp_path / "a"), lay_out(tmp_path / "b")

    assert [path.name for path in first] == ["canevas.xlam", "canevas.xlam.sha256", "canevas-xl.applescript"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert installing.SHARED_PYTHON in first[2].read_text("utf-8")


def test_the_fingerprint_beside_the_add_in_is_checked_by_the_usual_tool(tmp_path: Path) -> None:
    path, printed = build(tmp_path)

    subprocess.run(["sha256sum", "--check", "canevas.xlam.sha256"], cwd=tmp_path, check=True, capture_output=True)
    assert printed == fingerprint(path.read_bytes())


@pytest.mark.parametrize(
    ("system", "environment", "startup"),
    [
        ("win32", {"APPDATA": "/R", "LOCALAPPDATA": "/L"}, "/R/Microsoft/Excel/XLSTART"),
        ("win32", {}, f"{HOME}/AppData/Roaming/Microsoft/Excel/XLSTART"),
        (
            "darwin", {},
            f"{HOME}/Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel",
        ),
    ],
)  # fmt: skip
def test_each_system_has_its_folder_of_start(system: str, environment: dict[str, str], startup: str) -> None:
    assert str(user_desk(system, environment, HOME).startup) == startup


def test_only_macos_needs_a_script() -> None:
    script = user_desk("darwin", {}, HOME).script

    assert script == HOME / "Library/Application Scripts/com.microsoft.Excel/canevas-xl.applescript"
    assert user_desk("win32", {}, HOME).script is None


def test_a_system_without_excel_is_told_what_to_do_instead(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["addin", "install", "--lang", "fr"]) == 3

    said = capsys.readouterr().err
    assert "Excel n'est pas sur cette machine (linux)" in said
    assert "LibreOffice" in said
    assert "canevas-xl addin build --out" in said


def test_build_on_the_command_line_is_the_same_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for name in ("a", "b"):
        assert main(["addin", "build", "--json", "--out", str(tmp_path / name)]) == 0
        said.append(json.loads(capsys.readouterr().out)["sha256"])

    assert said[0] == said[1]
    assert (tmp_path / "a" / "canevas.xlam").read_bytes() == (tmp_path / "b" / "canevas.xlam").read_bytes()


def test_build_says_whether_the_fingerprint_is_the_published_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canevas_xl.cli.addin.published_fingerprint", lambda: "0" * 64)

    main(["addin", "build", "--lang", "en", "--out", str(tmp_path)])

    assert "differs from the one published" in " ".join(capsys.readouterr().out.split())


def test_a_missing_builder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyopenvba", None)

    with pytest.raises(Fault) as fault:
        build(tmp_path)

    assert code(fault) == "X134"


def test_the_commands_need_no_part_that_only_the_add_in_needs() -> None:
    code = "import sys; sys.modules.update(pyopenvba=None, xlwings=None); import canevas_xl.cli"

    subprocess.run([sys.executable, "-I", "-c", code], check=True)
