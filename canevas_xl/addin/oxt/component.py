"""Owns what runs inside LibreOffice: it asks, starts the same program as Excel's buttons, and shows what it says.

``service:org.canevas_xl.Actions?check`` runs the action *check* for the workbook in front. Only LibreOffice's own
standard library is used here, and nothing of the program is imported: it runs in its own interpreter, which the user's
settings name. This file is copied into the extension as it is.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.awt.MessageBoxType import INFOBOX, WARNINGBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.task import XJobExecutor

NAME = "org.canevas_xl.Actions"
HERE = Path(__file__).parent
CAMPAIGN, RESULTS, SETTINGS = "campagne.xlsx", "resultats.xlsx", "settings.json"
WAIT = 0.05
"""Seconds between two looks at the program, while LibreOffice goes on drawing."""
ALL_USERS = {
    "win32": (
        r"%ProgramW6432%\canevas-xl\venv\Scripts\pythonw.exe",
        r"%ProgramFiles%\canevas-xl\venv\Scripts\pythonw.exe",
    ),
    "darwin": ("/Library/Application Support/canevas-xl/venv/bin/python",),
}
"""Where an IT department installs the program for all users; to 32-bit programs ``%ProgramFiles%`` is another place."""
LEAKS = ("PYTHON", "__PYVENV", "LD_LIBRARY_PATH", "DYLD_", "URE_", "UNO_")
"""What LibreOffice sets for itself and another program must not see."""


class Actions(unohelper.Base, XJobExecutor):  # type: ignore[misc] # LibreOffice's bases have no types
    """The service behind every entry of the menu and the toolbar."""

    running = False
    """LibreOffice goes on drawing, and hears clicks, while an action runs; each click makes a service of its own."""

    def __init__(self, context: Any) -> None:
        """Keep the component context."""
        self.office = Office(context)

    def trigger(self, name: str) -> None:
        """Run an action, one at a time; whatever happens, the user is told."""
        if Actions.running:
            self.office.tell("Canevas", self.office.say("busy"), warn=True)
            return
        Actions.running = True
        try:
            run(name, self.office)
        except Exception as problem:  # noqa: BLE001 - the last door: here it would go unseen
            self.office.tell("Canevas", f"{self.office.say('failed')}\n{problem}", warn=True)
        finally:
            Actions.running = False


class Office:
    """LibreOffice as the actions need it: the workbook in front, questions, messages."""

    def __init__(self, context: Any) -> None:
        """Read what the extension was built with."""
        self.context = context
        self.built = json.loads((HERE / "actions.json").read_text("utf-8"))
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.toolkit = self.service("com.sun.star.awt.Toolkit")
        self.language = "fr" if self.locale().startswith("fr") else "en"

    def service(self, name: str) -> Any:
        """Make one of LibreOffice's services."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def say(self, key: str) -> str:
        """Give a text in the user's language."""
        return str(self.built["texts"][self.language][key])

    def locale(self) -> str:
        """Tell the language of the user interface."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        where = property_of("nodepath", "/org.openoffice.Setup/L10N")
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (where,))
        return str(access.getByName("ooLocale") or "")

    @property
    def document(self) -> Any:
        """The document in front; None where there is none."""
        return self.desktop.getCurrentComponent()

    @property
    def path(self) -> str:
        """Where the document in front lies on this machine; empty where it was never saved, or lies elsewhere."""
        return path_of(self.document)

    def selection(self) -> str:
        """Tell the selected cell of the results as « row,column,sheet »; empty where none is.

        Only the results are filled here: a cell of another workbook would stand for one that nobody saw.
        """
        if Path(self.path).name.casefold() != RESULTS:
            return ""
        try:
            address = self.document.getCurrentSelection().getRangeAddress()
            name = self.document.Sheets.getByIndex(address.Sheet).Name
        except AttributeError:
            return ""
        return f"{address.StartRow},{address.StartColumn},{name}"

    def window(self) -> Any:
        """Give the window in front of which questions stand."""
        frame = self.desktop.getCurrentFrame()
        return frame.getContainerWindow() if frame else None

    def tell(self, title: str, text: str, *, warn: bool = False) -> None:
        """Show a message."""
        kind = WARNINGBOX if warn else INFOBOX
        self.toolkit.createMessageBox(self.window(), kind, 1, title, text).execute()

    def folder(self, title: str) -> str:
        """Ask for a folder; empty where the user gives up."""
        picker = self.service("com.sun.star.ui.dialogs.FolderPicker")
        picker.setTitle(title)
        return str(uno.fileUrlToSystemPath(picker.getDirectory())) if picker.execute() else ""

    def files(self, title: str) -> str:
        """Ask for files; one path per line, none where the user gives up."""
        picker = self.service("com.sun.star.ui.dialogs.FilePicker")
        picker.setTitle(title)
        picker.setMultiSelectionMode(True)
        chosen = picker.getSelectedFiles() if picker.execute() else ()
        return "\n".join(uno.fileUrlToSystemPath(url) for url in chosen)

    def form(self, title: str, label: str, choices: Sequence[Mapping[str, str]] = ()) -> str | None:
        """Ask for one of the choices, or for a text where there are none; None where the user gives up."""
        model = self.service("com.sun.star.awt.UnoControlDialogModel")
        model.Title, model.Width, model.Height = title, 240, 102
        model.PositionX, model.PositionY = 60, 60  # in the window, not in a corner of the screen
        put(model, "FixedText", "label", (8, 6, 224, 44), Label=label, MultiLine=True, NoLabel=True)
        if choices:
            shown = tuple(choice["label"] for choice in choices)
            put(model, "ListBox", "given", (8, 54, 224, 14), Dropdown=True, StringItemList=shown, SelectedItems=(0,))
        else:
            put(model, "Edit", "given", (8, 54, 224, 14))
        put(model, "Button", "ok", (122, 80, 52, 15), Label=self.say("ok"), PushButtonType=1, DefaultButton=True)
        put(model, "Button", "cancel", (180, 80, 52, 15), Label=self.say("cancel"), PushButtonType=2)
        dialogue = self.service("com.sun.star.awt.UnoControlDialog")
        dialogue.setModel(model)
        dialogue.createPeer(self.toolkit, self.window())
        try:
            if not dialogue.execute():
                return None
            given = dialogue.getControl("given")
            return choices[given.getSelectedItemPos()]["value"] if choices else str(given.getText()).strip()
        finally:
            dialogue.dispose()

    def breathe(self) -> None:
        """Let LibreOffice draw."""
        if hasattr(self.toolkit, "processEventsToIdle"):
            self.toolkit.processEventsToIdle()

    def release(self, path: Path) -> Any:
        """Let go of the results, which are about to be written; give the frame in which they stood, None elsewhere."""
        every = self.desktop.getComponents().createEnumeration()
        while every.hasMoreElements():
            document = every.nextElement()
            if os.path.normcase(path_of(document)) == os.path.normcase(path):
                frame = document.getCurrentController().getFrame()
                # Another document in its place: closing the last one would end the program.
                frame.loadComponentFromURL("private:factory/scalc", "_self", 0, ())
                return frame
        return None

    def show(self, path: str, frame: Any) -> None:
        """Open a workbook, in the frame where it stood before."""
        where = frame or self.desktop
        where.loadComponentFromURL(uno.systemPathToFileUrl(path), "_self" if frame else "_blank", 0, ())


def path_of(document: Any) -> str:
    """Where a document lies: its address can be spelt in several ways."""
    url = getattr(document, "URL", "")
    return str(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else ""


def property_of(name: str, value: object) -> Any:
    """Make one of LibreOffice's properties."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def put(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **looks: object) -> None:
    """Put a control into a dialogue's model: place is left, top, width, height."""
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    control.Name = name
    control.PositionX, control.PositionY, control.Width, control.Height = place
    for look, value in looks.items():
        setattr(control, look, value)
    model.insertByName(name, control)


def run(name: str, office: Office) -> None:
    """Ask what an action asks, start it, show what it says."""
    action = next(one for one in office.built["actions"] if one["name"] == name)
    title = action["label"][office.language]
    program = interpreter()
    if not program:
        office.tell(title, f"{office.say('no_program')}\n{places() / SETTINGS}", warn=True)
        return
    given = asked(action, title, office)
    if given is None:
        return
    path = written(given)
    command = [
        program, "-I", "-X", "utf8", "-m", "canevas_xl.addin.office", name, f"--lang={office.language}",
        f"--arguments={path}",
    ]  # fmt: skip
    results = Path(given.get("folder", "")) / RESULTS
    frame = office.release(results) if action["writes"] and given.get("folder") else None
    try:
        code, text = finished(command, title, office)
    finally:
        path.unlink(missing_ok=True)  # the program removes what it reads; one that never started has not
        if frame and results.exists():
            office.show(str(results), frame)
    try:
        said = json.loads(text)
    except ValueError:
        office.tell(title, f"{office.say('failed')} ({code})", warn=True)
        return
    if said["open"] and not frame:
        office.show(said["open"], None)
    office.tell(said["title"], said["text"], warn=said["warn"])


def asked(action: Mapping[str, Any], title: str, office: Office) -> dict[str, str] | None:
    """Collect the folder and the answers; None where the user gives up or must save first."""
    given: dict[str, str] = {}
    if action["needs"] != "nothing":
        path = office.path
        if path and office.document.isModified():
            office.tell(title, office.say("save_first"), warn=True)
            return None
        known = path and (Path(path).parent / CAMPAIGN).exists()
        given["folder"] = str(Path(path).parent) if known else office.folder(office.say("ask_folder"))
        if not given["folder"]:
            return None
        given["workbook"] = path if known else ""
    if action["needs"] == "selection":
        given["selection"] = office.selection()
        if not given["selection"]:
            office.tell(title, office.say("select_in_results"), warn=True)
            return None
    questions: dict[str, Callable[[], str | None]] = {
        "new_folder": lambda: office.folder(office.say("ask_new_folder")),
        "files": lambda: office.files(office.say("ask_returns_files")),
        "received": lambda: office.form(title, office.say("ask_received")),
        "until": lambda: office.form(title, office.say("ask_until")),
        "reason": lambda: office.form(title, office.say("ask_reason")),
        "template": lambda: office.form(title, office.say("ask_template"), office.built["templates"][office.language]),
        "choice": lambda: office.form(title, office.say("ask_choice"), office.built["choices"][office.language]),
    }
    for ask in action["asks"]:
        answer = questions[ask]()
        if answer is None or not (answer or ask in office.built["optional"]):
            return None
        given["answer." + ask] = answer
    return given


def places() -> Path:
    """Find the user's folder, as ``addin.places`` does."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "canevas-xl"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "canevas-xl"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "canevas-xl"


def interpreter() -> str:
    """Find the interpreter: the one that the user's settings name, else the one for all users; empty without both."""
    try:
        settings = json.loads((places() / SETTINGS).read_text("utf-8"))
    except (OSError, ValueError):
        settings = {}
    named = settings.get("interpreter") if isinstance(settings, dict) else None
    every = (named, *(os.path.expandvars(place) for place in ALL_USERS.get(sys.platform, ())))
    return next((one for one in every if isinstance(one, str) and one and Path(one).is_file()), "")


def written(given: Mapping[str, str]) -> Path:
    """Write the argument file (``addin.arguments`` says its form)."""
    folder = places() / "temp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"request-{secrets.token_hex(12)}.txt"
    lines = [f"{key}={escaped(text)}\n" for key, text in given.items()]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(b"\xff\xfe" + "".join(lines).encode("utf-16-le"))
    return path


def escaped(text: str) -> str:
    """Write a value on one line."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def finished(command: list[str], title: str, office: Office) -> tuple[int, str]:
    """Run the program to its end while LibreOffice goes on drawing; give its exit code and what it said."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(LEAKS)}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    frame = office.desktop.getCurrentFrame()
    bar = frame.createStatusIndicator() if frame else None
    if bar:
        bar.start(f"Canevas : {title}…", 0)
    try:
        with subprocess.Popen(  # noqa: S603 - the interpreter that the user's own settings name
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=flags,
        ) as process:
            while True:
                try:
                    said, _ = process.communicate(timeout=WAIT)  # read as it comes: a full pipe would hold it up
                except subprocess.TimeoutExpired:
                    office.breathe()
                else:
                    return process.returncode, said.decode("utf-8", "replace")
    finally:
        if bar:
            bar.end()


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the name that LibreOffice looks for
g_ImplementationHelper.addImplementation(Actions, NAME, (NAME,))
