"""The VBA would compile: what Excel's compiler refuses, looked for in the syntax tree, in both halves of ``#If Mac``.

No compiler of VBA runs here. pyOpenVBA parses, and knows the members of Excel's own objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from pyopenvba.interpreter import _ast as tree
from pyopenvba.interpreter._constants_data import EXCEL_CONSTANTS, OFFICE_CONSTANTS, VBA_CONSTANTS
from pyopenvba.interpreter._intrinsics import INTRINSICS
from pyopenvba.interpreter._inventory import members_of
from pyopenvba.interpreter._parse import parse_module
from pyopenvba.interpreter._preprocess import strip_directives

from canevas_xl.addin.xlam import vba_modules

Half = dict[str, tree.Module]
"""The modules by name, as one system compiles them."""
GIVEN = {"application", "activeworkbook", "err", "applescripttask"}
"""What Excel gives besides functions and constants."""
MEMBERS = {
    "application": members_of("Application", "Excel"),
    "activeworkbook": members_of("Workbook", "Excel"),
    "book": members_of("Workbook", "Excel"),
    "err": members_of("ErrObject", "VBA"),
    "control": {"id", "tag", "context"},
}
"""Of objects that are named without being made."""
OBJECTS = {"Object", "Workbook", "IRibbonControl"}


def compiled(*, mac: bool) -> Half:
    texts = {name: strip_directives(text, constants={"Mac": mac}) for name, text in vba_modules().items()}
    return {name: parse_module(text, name=name) for name, text in texts.items()}


HALVES = {"windows": compiled(mac=False), "mac": compiled(mac=True)}
every_procedure = pytest.mark.parametrize(
    ("half", "module", "procedure"),
    [
        pytest.param(half, module, procedure, id=f"{system}-{module.name}-{procedure.name}")
        for system, half in HALVES.items()
        for module in half.values()
        for procedure in module.procedures
    ],
)


def nodes(node: object) -> Iterator[object]:
    """Every node below one, itself first."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from nodes(one)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from nodes(getattr(node, field.name))


def declared(procedure: tree.Procedure) -> list[tuple[str, str]]:
    """Name in small letters and type of each parameter and variable."""
    local = [one for node in nodes(procedure.body) if isinstance(node, tree.Dim) for one in node.decls]
    return [(one.name.lower(), one.declared) for one in (*procedure.params, *local)]


def seen_from(half: Half, module: tree.Module) -> dict[str, tree.Procedure]:
    """The procedures that one module can call, by name in small letters."""
    public = [one for other in half.values() for one in other.procedures if one.scope == "public"]
    return {one.name.lower(): one for one in (*public, *module.procedures)}


def constants(half: Half, module: tree.Module) -> set[str]:
    public = [one for other in half.values() for one in other.constants if one.scope == "public"]
    return {name.lower() for one in (*public, *module.constants) for name, *_ in one.names}


@pytest.mark.parametrize("name", sorted(vba_modules()))
def test_variables_must_be_declared_and_no_statement_has_more_lines_than_vba_takes(name: str) -> None:
    text = vba_modules()[name]

    assert text.startswith("Option Explicit\n")
    assert re.findall(r"(?:[^\n]* _\n){25}", text) == []


@every_procedure
def test_every_name_is_declared(half: Half, module: tree.Module, procedure: tree.Procedure) -> None:
    known = {name for name, _ in declared(procedure)} | constants(half, module) | set(seen_from(half, module)) | GIVEN
    known |= {
        name.lower() for names in (INTRINSICS, EXCEL_CONSTANTS, OFFICE_CONSTANTS, VBA_CONSTANTS) for name in names
    }

    used = {node.name.lower().rstrip("$") for node in nodes(procedure.body) if isinstance(node, tree.Name)}
    assert used - known == set()


@every_procedure
def test_no_name_is_declared_twice(half: Half, module: tree.Module, procedure: tree.Procedure) -> None:
    own = procedure.name.lower()
    names = [own, *(name for name, _ in declared(procedure))]
    others = [one for other in half.values() for one in other.procedures if other is module or one.scope == "public"]

    assert len(names) == len(set(names))
    assert [one.name.lower() for one in others].count(own) == 1


@every_procedure
def test_procedures_are_given_as_much_as_they_take(half: Half, module: tree.Module, procedure: tree.Procedure) -> None:
    callable_here = {
        name: one for name, one in seen_from(half, module).items() if name not in dict(declared(procedure))
    }
    for node in nodes(procedure.body):
        called = (
            node.callee if isinstance(node, tree.CallStmt) else node.target if isinstance(node, tree.Index) else None
        )
        if isinstance(called, tree.Name) and called.name.lower() in callable_here:
            assert len(node.args) == len(callable_here[called.name.lower()].params), called.name


@every_procedure
def test_every_label_exists(half: Half, module: tree.Module, procedure: tree.Procedure) -> None:  # noqa: ARG001
    below = list(nodes(procedure.body))
    wanted = {node.label for node in below if isinstance(node, tree.GoTo | tree.OnError) and node.label}

    assert wanted - {node.name for node in below if isinstance(node, tree.Label)} == set()


@every_procedure
def test_objects_and_only_objects_are_set(half: Half, module: tree.Module, procedure: tree.Procedure) -> None:  # noqa: ARG001
    types = dict(declared(procedure))
    for node in nodes(procedure.body):
        if isinstance(node, tree.Assign) and isinstance(node.target, tree.Name):
            assert (node.kind == "set") == (types.get(node.target.name.lower()) in OBJECTS), node.target.name


@every_procedure
def test_members_are_those_that_excel_has(half: Half, module: tree.Module, procedure: tree.Procedure) -> None:  # noqa: ARG001
    for node in nodes(procedure.body):
        if isinstance(node, tree.Member) and isinstance(node.target, tree.Name):
            assert node.name.lower() in MEMBERS.get(node.target.name.lower(), {node.name.lower()})
