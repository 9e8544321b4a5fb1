"""Stands in for what the add-in's VBA reaches outside Excel: scripting objects, settings, dialogues, ribbon controls.

The add-in's own modules run, unchanged, in pyOpenVBA's interpreter. Drive C: is a folder of the test.
"""
# ruff: noqa: N802, N803, ARG002, FBT001, FBT002 - the names and arguments that VBA uses

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel import _model as model
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import VBAObject, method
from pyopenvba.interpreter._objects import MemberSpec, VBACollection, member, setter
from pyopenvba.interpreter._values import VBAErrorValue, VBAInt

FRENCH: Final = 0x040C
ENGLISH: Final = 0x0809
FILE_NOT_FOUND: Final = 53
PERMISSION_DENIED: Final = 70
DISABLED: Final = 0
"""xlDisabled."""
HOME: Final = "C:\\Users\\Hélène\\AppData\\Local"
_VARIABLE: Final = re.compile("%([^%]+)%")


@dataclass
class World:
    """One machine, as VBA sees it."""

    drive: Path
    """The folder that is drive C:."""
    program: Callable[[list[str]], int] = lambda _: 0
    """What the interpreter does when it is started: gets the words after its own name, gives the exit code."""
    variables: dict[str, str] = field(
        default_factory=lambda: {"LOCALAPPDATA": HOME, "PROGRAMFILES": "C:\\Program Files", "TEMP": "C:\\Temp"}
    )
    settings: dict[str, str] = field(default_factory=dict)
    """What GetSetting finds, by key."""
    picked: list[list[str]] = field(default_factory=list)
    """What the user chooses in the next dialogues, oldest first; an empty list: gives up."""
    prompts: list[str] = field(default_factory=list)
    """Titles of the dialogues that were shown."""
    started: list[str] = field(default_factory=list)
    """Command lines, as they were given."""
    requests: list[bytes] = field(default_factory=list)
    """What the argument files of these command lines held."""
    tongue: int = FRENCH
    caller: object = field(default_factory=lambda: VBAErrorValue(2023))
    """What Application.Caller gives: an error where a button of the ribbon calls."""
    forbidden: bool = False
    """Excel may start no program: the rule of Defender."""
    breakable: bool = True
    """The Escape key breaks into a macro (Application.EnableCancelKey)."""

    def real(self, path: str) -> Path:
        """Find a path of drive C: on this machine; other paths are as they are."""
        own = path.removeprefix("C:")
        return self.drive / own.strip("\\").replace("\\", "/") if own != path else Path(path.replace("\\", "/"))

    def lay(self, path: str) -> Path:
        """Make an empty file, an interpreter say."""
        made = self.real(self.expanded(path))
        made.parent.mkdir(parents=True, exist_ok=True)
        made.touch()
        return made

    def expanded(self, text: str) -> str:
        """Replace %WORDS%, as Windows does; unknown ones stay."""
        return _VARIABLE.sub(lambda match: self.variables.get(match[1].upper(), match[0]), text)

    def move_in(self, excel: ExcelApplication) -> None:
        """Let an Excel's VBA reach this machine."""
        excel.application._world = self
        interpreter = excel.interpreter
        create = interpreter.host.create
        made = {"wscript.shell": lambda: Shell(self), "scripting.filesystemobject": lambda: Files(self)}
        interpreter.host.create = lambda name: made.get(name.lower(), lambda: create(name))()
        interpreter._intrinsics = {**interpreter._intrinsics, "getsetting": self._setting}

    def _setting(self, _interpreter: object, args: list[str], _named: object) -> str:
        application, section, key, default = args
        known = (application, section) == ("canevas-xl", "launcher")
        return self.settings.get(key, default) if known else default


class Shell(VBAObject):
    """WScript.Shell."""

    vba_type_name = "WshShell"

    def __init__(self, world: World) -> None:
        self._world = world

    @method
    def ExpandEnvironmentStrings(self, Text: str) -> str:
        return self._world.expanded(Text)

    @method
    def Run(self, Command: str, Style: int = 1, Wait: bool = False) -> VBAInt:
        if self._world.forbidden:
            raise VBARuntimeError(PERMISSION_DENIED, "Permission denied")
        assert (int(Style), bool(Wait)) == (0, True), "hidden, and waited for"
        self._world.started.append(Command)
        program, *words = split(self._world.expanded(Command))
        assert self._world.real(program).is_file(), program
        request = next(word.partition("=")[2] for word in words if word.startswith("--arguments="))
        self._world.requests.append(self._world.real(request).read_bytes())
        return VBAInt(self._world.program(words), "Long")


class Files(VBAObject):
    """Scripting.FileSystemObject."""

    vba_type_name = "FileSystemObject"

    def __init__(self, world: World) -> None:
        self._world = world

    @method
    def FileExists(self, Path: str) -> bool:
        return self._world.real(Path).is_file()

    @method
    def FolderExists(self, Path: str) -> bool:
        return self._world.real(Path).is_dir()

    @method
    def CreateFolder(self, Path: str) -> None:
        try:
            self._world.real(Path).mkdir()
        except OSError as problem:
            raise VBARuntimeError(PERMISSION_DENIED, "Permission denied") from problem

    @method
    def DeleteFile(self, Path: str) -> None:
        try:
            self._world.real(Path).unlink()
        except FileNotFoundError as problem:
            raise VBARuntimeError(FILE_NOT_FOUND, "File not found") from problem

    @method
    def CreateTextFile(self, Path: str, Overwrite: bool = True, Unicode: bool = False) -> Stream:
        assert bool(Unicode), "names and folders hold any letter"
        return Stream(self._world.real(Path))


class Stream(VBAObject):
    """A text file being written, in UTF-16 with its mark."""

    vba_type_name = "TextStream"

    def __init__(self, path: Path) -> None:
        self._stream = path.open("xb")
        self._stream.write(b"\xff\xfe")

    @method
    def Write(self, Text: str) -> None:
        self._stream.write(Text.encode("utf-16-le"))

    @method
    def Close(self) -> None:
        self._stream.close()


class Picked(VBACollection):
    """The paths that were chosen."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths

    def vba_items(self) -> list[object]:
        return list(self._paths)


class Dialogue(VBAObject):
    """Application.FileDialog."""

    vba_type_name = "FileDialog"

    def __init__(self, world: World, kind: int) -> None:
        self._world, self._kind, self._paths = world, kind, []
        self._title, self._many = "", False

    @member
    def Title(self) -> str:
        return self._title

    @setter("Title")
    def _set_title(self, value: str) -> None:
        self._title = value

    @member
    def AllowMultiSelect(self) -> bool:
        return self._many

    @setter("AllowMultiSelect")
    def _set_many(self, value: bool) -> None:
        self._many = bool(value)

    @method
    def Show(self) -> VBAInt:
        assert self._many == (self._kind == 3), "several files, or one folder"
        self._world.prompts.append(self._title)
        self._paths = self._world.picked.pop(0)
        return VBAInt(-1 if self._paths else 0, "Long")

    @member
    def SelectedItems(self) -> Picked:
        return Picked(self._paths)


class Control(VBAObject):
    """IRibbonControl: a button of the ribbon."""

    vba_type_name = "IRibbonControl"

    def __init__(self, id_: str, tag: str) -> None:
        self._id, self._tag = id_, tag

    @member
    def ID(self) -> str:
        return self._id

    @member
    def Tag(self) -> str:
        return self._tag


class Tongues(VBAObject):
    """Application.LanguageSettings."""

    vba_type_name = "LanguageSettings"

    def __init__(self, number: int) -> None:
        self._number = number

    @method
    def LanguageID(self, Which: int) -> VBAInt:
        return VBAInt(self._number, "Long")


def split(line: str) -> list[str]:
    r"""Split a command line as Windows' CommandLineToArgvW does (backslashes count only before a quote)."""
    program = re.match(r'"([^"]*)"\s*|(\S*)\s*', line)
    assert program is not None
    return [program[1] if program[1] is not None else program[2], *_words(line[program.end() :])]


def _words(line: str) -> Iterator[str]:
    word, started, quoted = "", False, False
    for match in re.finditer(r'(\\*)"("?)|(\\+)|(\s+)|([^\s"\\]+)', line):
        slashes, second, plain, space, text = match.groups()
        if space is not None and not quoted:
            if started:
                yield word
            word, started = "", False
            continue
        started = True
        if slashes is None:
            word += plain or space or text or ""
            continue
        word += "\\" * (len(slashes) // 2)
        if len(slashes) % 2:
            word += '"'
            quoted ^= bool(second)
        elif second and quoted:
            word += '"'
        else:
            quoted ^= not second
    if started:
        yield word


def _teach_members() -> None:
    def add(name: str, getter: Any, *parameters: str, setter: Any = None) -> None:
        model.Application.vba_add_member(
            MemberSpec(name=name, kind="property", getter=getter, setter=setter, parameters=parameters)
        )  # fmt: skip

    def cancel_key(application: Any, value: object) -> None:
        application._world.breakable = int(value) != DISABLED

    add("FileDialog", lambda application, kind: Dialogue(application._world, int(kind)), "fileDialogType")
    add("Caller", lambda application: application._world.caller)
    add("LanguageSettings", lambda application: Tongues(application._world.tongue))
    add("EnableCancelKey", lambda application: VBAInt(int(application._world.breakable), "Long"), setter=cancel_key)


_teach_members()
