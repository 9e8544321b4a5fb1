"""Owns the window outside Excel: the same buttons, on a campaign's folder, for computers where Excel may start nothing.

Actions run in a thread, so that the window goes on drawing and *Stop* is heard between two items; only the window's
own thread touches its widgets.
"""

from __future__ import annotations

import queue
import threading
import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tkinter import filedialog, ttk
from tkinter.scrolledtext import ScrolledText
from typing import Final

from canevas_xl.addin.context import Stopped, Told
from canevas_xl.addin.outside import Choice, Wanted
from canevas_xl.addin.registry import ACTIONS, OPTIONAL, Action, Ask, Group, Needs
from canevas_xl.addin.wording import Words

POLL: Final = 60
"""Milliseconds between two looks at what the thread says."""
SPACE: Final = 8
TYPED: Final = {
    Ask.RECEIVED: "office.ask_received",
    Ask.UNTIL: "office.ask_until",
    Ask.REASON: "launcher.ask_reason",
}
"""Questions that are answered in one's own words."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the window needs of the program."""

    act: Callable[[Wanted, Callable[[int, int], None]], Told]
    """Runs an action; never raises but ``Stopped``: what went wrong is told."""
    findings: Callable[[Path], tuple[Choice, ...]]
    figures: Callable[[Path], tuple[Choice, ...]]
    is_open: Callable[[Path], bool]
    """Says whether a running Excel holds the campaign: then what is selected there counts."""
    open: Callable[[Path], bool]
    """Opens a file; says whether there is a program for it."""
    templates: tuple[tuple[str, str], ...]
    """Reference and title of each shipped template."""
    campaign: str
    """File name of the buyer's workbook."""
    results: str


@dataclass(frozen=True, slots=True)
class _Progress:
    done: int
    every: int


@dataclass(frozen=True, slots=True)
class _Ended:
    action: Action
    told: Told | None
    """None where the user stopped."""


class Bureau:
    """The window."""

    def __init__(self, root: tk.Tk, desk: Desk, language: str, folder: Path | None) -> None:
        """Draw it."""
        self.root, self.desk, self.words = root, desk, Words(language)
        self.folder = tk.StringVar(value=str(folder) if folder else "")
        self.said: queue.SimpleQueue[_Progress | _Ended] = queue.SimpleQueue()
        self.stop = threading.Event()
        self.buttons: dict[str, ttk.Button] = {}
        root.title(self.words.say("bureau.title"))
        root.minsize(760, 520)
        if root.tk.call("tk", "windowingsystem") == "x11":
            ttk.Style(root).theme_use("clam")  # Windows and macOS have a look of their own
        root.protocol("WM_DELETE_WINDOW", self.close)
        self.working = self.closing = False
        self._draw()

    # --- Drawing ------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        outer = ttk.Frame(self.root, padding=SPACE)
        outer.pack(fill="both", expand=True)
        self._draw_folder(outer)
        for group in Group:
            self._draw_group(outer, group)
        foot = ttk.Frame(outer)
        foot.pack(side="bottom", fill="x")  # before the text, which takes the room that is left
        self.status = ttk.Label(foot, text=self.words.say("bureau.ready"), anchor="w")
        self.status.pack(side="left", fill="x", expand=True)
        self.stopper = ttk.Button(foot, text=self.words.say("bureau.stop"), command=self.stop.set, state="disabled")
        self.stopper.pack(side="right")
        self.bar = ttk.Progressbar(foot, length=160)
        self.bar.pack(side="right", padx=SPACE)
        self.text = ScrolledText(outer, height=14, wrap="word", font="TkDefaultFont", state="disabled", relief="flat")
        self.text.configure(padx=SPACE, pady=SPACE // 2)
        self.text.pack(fill="both", expand=True, pady=SPACE)
        self.text.tag_configure("title", font="TkHeadingFont", spacing1=SPACE)
        self.text.tag_configure("warn", foreground="#9A3B00")

    def _draw_folder(self, outer: ttk.Frame) -> None:
        row = ttk.Frame(outer)
        row.pack(fill="x", pady=(0, SPACE))
        ttk.Label(row, text=self.words.say("bureau.folder")).pack(side="left")
        ttk.Entry(row, textvariable=self.folder).pack(side="left", fill="x", expand=True, padx=SPACE)
        ttk.Button(row, text=self.words.say("bureau.choose"), command=self._choose_folder).pack(side="left")
        for key, file in (("bureau.open_campaign", self.desk.campaign), ("bureau.open_results", self.desk.results)):
            command = self._opener(file)
            ttk.Button(row, text=self.words.say(key), command=command).pack(side="left", padx=(SPACE, 0))

    def _draw_group(self, outer: ttk.Frame, group: Group) -> None:
        frame = ttk.LabelFrame(outer, text=self.words.say(f"group.{group}"), padding=SPACE // 2)
        frame.pack(fill="x", pady=(0, SPACE // 2))
        for action in (one for one in ACTIONS.values() if one.group is group):
            button = ttk.Button(frame, text=self.words.button(action.name), command=self._clicked(action))
            button.pack(side="left", padx=2)
            button.bind("<Enter>", self._tip(self.words.say(f"action.{action.name}.tip")))
            button.bind("<FocusIn>", self._tip(self.words.say(f"action.{action.name}.tip")))
            self.buttons[action.name] = button

    def _tip(self, text: str) -> Callable[[object], None]:
        def show(_: object) -> None:
            self.status.configure(text=text)

        return show

    def _opener(self, file: str) -> Callable[[], None]:
        def opened() -> None:
            path = Path(self.folder.get()) / file
            if self.folder.get() and path.exists():
                if not self.desk.open(path):
                    self.tell(file, self.words.say("bureau.not_opened", path=path), warn=True)
            else:
                self.tell(file, self.words.say("bureau.not_there", path=path), warn=True)

        return opened

    # --- Asking -------------------------------------------------------------------------------------------------

    def _choose_folder(self) -> str:
        chosen = filedialog.askdirectory(parent=self.root, title=self.words.say("launcher.ask_folder"))
        if chosen:
            self.folder.set(chosen)
        return chosen

    def _clicked(self, action: Action) -> Callable[[], None]:
        def clicked() -> None:
            wanted = self._asked(action)
            if wanted is not None:
                self._start(action, wanted)

        return clicked

    def _asked(self, action: Action) -> Wanted | None:
        """Ask what the action asks; None where the user gives up."""
        folder = None
        if action.needs is not Needs.NOTHING:
            given = self.folder.get() or self._choose_folder()
            if not given:
                return None
            folder = Path(given.strip())
        selected = None
        if action.needs is Needs.SELECTION and folder is not None and not self.desk.is_open(folder):
            choice = self._chosen_row(action, folder)
            if choice is None:
                return None
            selected = choice.selected
        answers: dict[Ask, str] = {}
        for ask in action.asks:
            answer = self._answer(ask, action)
            if answer is None or not (answer or ask in OPTIONAL):
                return None
            answers[ask] = answer
        if Ask.NEW_FOLDER in answers:
            self.folder.set(answers[Ask.NEW_FOLDER])
        return Wanted(action.name, folder, answers, selected)

    def _chosen_row(self, action: Action, folder: Path) -> Choice | None:
        rows = (self.desk.findings if Ask.CHOICE in action.asks else self.desk.figures)(folder)
        if not rows:
            first = self.words.say("bureau.no_results", button=self.words.button("consolidate"))
            self.tell(self.words.button(action.name), first, warn=True)
            return None
        label = self.words.say("bureau.which_finding" if Ask.CHOICE in action.asks else "bureau.which_figure")
        labels = {row.label: row for row in rows}
        return labels.get(Question(self.root, self.words, label, tuple(labels)).given or "")

    def _answer(self, ask: Ask, action: Action) -> str | None:
        say, title = self.words.say, self.words.button(action.name)
        if ask is Ask.NEW_FOLDER:
            return str(filedialog.askdirectory(parent=self.root, title=say("launcher.ask_new_folder")) or "")
        if ask is Ask.FILES:
            return "\n".join(filedialog.askopenfilenames(parent=self.root, title=say("launcher.ask_returns_files")))
        if ask in TYPED:
            return Question(self.root, self.words, say(TYPED[ask]), title=title).given
        choices = self._choices(ask)
        label = say("office.ask_template" if ask is Ask.TEMPLATE else "office.ask_choice")
        return choices.get(Question(self.root, self.words, label, tuple(choices), title=title).given or "")

    def _choices(self, ask: Ask) -> Mapping[str, str]:
        """Give what can be chosen: value by label."""
        if ask is Ask.TEMPLATE:
            return {title: reference for reference, title in self.desk.templates}
        return {self.words.say(f"office.{choice}"): choice for choice in ("accept", "refuse")}

    # --- Running ------------------------------------------------------------------------------------------------

    def _start(self, action: Action, wanted: Wanted) -> None:
        self.stop.clear()
        self._busy(True)  # noqa: FBT003 - it reads: busy, true
        self.status.configure(text=self.words.say("told.working", label=self.words.button(action.name)))
        threading.Thread(target=self._work, args=(action, wanted), daemon=True).start()
        self.root.after(POLL, self._listen)

    def _work(self, action: Action, wanted: Wanted) -> None:
        def progress(done: int, every: int) -> None:
            self.said.put(_Progress(done, every))
            if done < every and self.stop.is_set():
                raise Stopped

        try:
            self.said.put(_Ended(action, self.desk.act(wanted, progress)))
        except Stopped:
            self.said.put(_Ended(action, None))

    def _listen(self) -> None:
        while not self.said.empty():
            heard = self.said.get()
            if isinstance(heard, _Ended):
                self._end(heard)
                return
            self.bar.configure(maximum=max(1, heard.every), value=heard.done)
        self.root.after(POLL, self._listen)

    def _end(self, ended: _Ended) -> None:
        self._busy(False)  # noqa: FBT003 - it reads: busy, false
        if self.closing:
            self.root.destroy()
            return
        self.bar.configure(value=0)
        self.status.configure(text=self.words.say("bureau.ready"))
        label = self.words.button(ended.action.name)
        if ended.told is None:
            self.tell(label, self.words.say("told.stopped"), warn=True)
        else:
            self.tell(label, ended.told.text, warn=ended.told.waits)

    def _busy(self, busy: bool) -> None:  # noqa: FBT001 - a state, not an option
        self.working = busy
        for button in self.buttons.values():
            button.configure(state="disabled" if busy else "normal")
        self.stopper.configure(state="normal" if busy else "disabled")

    def close(self) -> None:
        """Close the window, once the action that runs has come to a place where it can stop."""
        if not self.working:
            self.root.destroy()
            return
        self.closing = True
        self.stop.set()
        self.status.configure(text=self.words.say("bureau.closing"))

    def tell(self, title: str, text: str, *, warn: bool = False) -> None:
        """Add a message under the others, and show it."""
        self.text.configure(state="normal")
        self.text.insert("end", f"{title}\n", ("title", "warn") if warn else "title")
        self.text.insert("end", f"{text}\n")
        self.text.configure(state="disabled")
        self.text.see("end")


class Question:
    """A small window that asks for one of a few choices, or for a sentence; ``given`` is None where one gives up."""

    def __init__(self, root: tk.Tk, words: Words, label: str, choices: tuple[str, ...] = (), title: str = "") -> None:
        """Ask, and wait for the answer."""
        self.given: str | None = None
        self.window = tk.Toplevel(root)
        self.window.title(title or words.say("bureau.title"))
        self.window.transient(root)
        self.window.geometry(f"+{root.winfo_rootx() + 5 * SPACE}+{root.winfo_rooty() + 10 * SPACE}")
        frame = ttk.Frame(self.window, padding=2 * SPACE)
        frame.pack(fill="both", expand=True)
        ttk.Label(frame, text=label, wraplength=720).pack(anchor="w")
        self.value = tk.StringVar(value=choices[0] if choices else "")
        entry = (
            ttk.Combobox(frame, textvariable=self.value, values=choices, state="readonly", width=90)
            if choices
            else ttk.Entry(frame, textvariable=self.value, width=90)
        )
        entry.pack(fill="x", pady=SPACE)
        row = ttk.Frame(frame)
        row.pack(anchor="e")
        ttk.Button(row, text=words.say("office.ok"), command=self._taken).pack(side="left", padx=SPACE)
        ttk.Button(row, text=words.say("office.cancel"), command=self.window.destroy).pack(side="left")
        self.window.bind("<Return>", lambda _: self._taken())
        self.window.bind("<Escape>", lambda _: self.window.destroy())
        entry.focus_set()
        self.window.wait_visibility()
        self.window.grab_set()
        root.wait_window(self.window)

    def _taken(self) -> None:
        self.given = self.value.get().strip()
        self.window.destroy()
