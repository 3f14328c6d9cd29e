"""Small faults put into a module's source, one at a time, in an order that is always the same.

What is only wording is left alone: docstrings, type hints, sentences, labels, logs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

Make = Callable[[Any], ast.AST]

CODE = re.compile(r"[a-z0-9][a-z0-9_.:/@-]*")
PATH = " -> "
WORDING = {"sentence", "label", "done", "help_text", "verbose_name", "message", "verb"}
FLIPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Mod: ast.FloorDiv,
    ast.FloorDiv: ast.Mod,
}
_NOTHING = ast.Starred(ast.Tuple([], ast.Load()), ast.Load())
LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True)
class Where:
    """What stands around a node."""

    returns: str = ""
    lines: tuple[int, int] = (1, 1)
    inside: bool = False
    elements: bool = False
    strings: bool = True


@dataclass(frozen=True)
class Change:
    """One fault: `site` counts the nodes of the tree, `lines` is the statement it stands in."""

    site: int
    what: str
    lines: tuple[int, int]
    make: Make = field(compare=False, repr=False)


@dataclass
class _Site:
    parent: ast.AST
    name: str
    place: int | None
    node: ast.AST
    where: Where

    def replace(self, new: ast.AST) -> None:
        ast.copy_location(new, self.node)
        if self.place is None:
            setattr(self.parent, self.name, new)
        else:
            getattr(self.parent, self.name)[self.place] = new


def changes(source: str) -> list[Change]:
    """Return every fault that can be put into a module."""
    tree = ast.parse(source)
    sites = list(_sites(tree, Where()))
    codes = sorted({s.node.value for s in sites if s.where.strings and _is_code(s.node)})
    return [
        Change(number, f"{what}: {ast.unparse(site.node).splitlines()[0][:70]}", lines, make)
        for number, site in enumerate(sites)
        for lines in [site.where.lines]
        for what, make in _variants(site, codes)
    ]


def changed(source: str, change: Change) -> ast.Module:
    """Return the module's tree with this fault in it."""
    tree = ast.parse(source)
    site = list(_sites(tree, Where()))[change.site]
    site.replace(change.make(site.node))
    return ast.fix_missing_locations(tree)


def _sites(node: ast.AST, where: Where) -> Iterator[_Site]:
    for name, value in ast.iter_fields(node):
        if not _counts(node, name):
            continue
        for place, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_apart(child, node):
                continue
            around = _around(node, name, place, child, where)
            yield _Site(node, name, place if isinstance(value, list) else None, child, around)
            yield from _sites(child, around)


def _counts(node: ast.AST, name: str) -> bool:
    """Return whether a field holds behaviour: neither a type hint nor a decorator's setting."""
    if name in {"annotation", "returns", "ctx", "keywords_only", "type_comment"}:
        return False
    return not (isinstance(node, ast.ClassDef) and name in {"decorator_list", "bases"})


def _is_apart(child: ast.AST, parent: ast.AST) -> bool:
    """Return whether a child is no behaviour: an import, a docstring, a wording."""
    match child:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword(arg=name):
            return name in WORDING
    return isinstance(parent, ast.JoinedStr) and isinstance(child, ast.Constant)


def _around(parent: ast.AST, name: str, place: int, child: ast.AST, where: Where) -> Where:
    returns, inside, lines, strings = where.returns, where.inside, where.lines, where.strings
    if isinstance(child, ast.FunctionDef | ast.Lambda):
        hint = getattr(child, "returns", None)
        returns, inside = ast.unparse(hint) if hint else "", True
    if isinstance(child, ast.stmt):
        lines, strings = _lines(child), True
    chosen = isinstance(parent, ast.IfExp) and name != "test"
    if chosen or isinstance(parent, ast.Raise | ast.JoinedStr) or _is_label(parent, name, place):
        strings = False
    return Where(returns, lines, inside, _is_listed(parent, name) or not inside, strings)


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """Return the lines of a statement, of one with a body those of its head."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or 0
    return statement.lineno, max(statement.lineno, last)


def _is_listed(parent: ast.AST, name: str) -> bool:
    """Return whether a tuple stands for what may be, and not for a value of several parts."""
    if isinstance(parent, ast.Compare):
        return name == "comparators"
    return isinstance(parent, ast.Call) and ast.unparse(parent.func) in {"frozenset", "set"}


def _is_label(parent: ast.AST, name: str, place: int) -> bool:
    """Return whether a call's argument is the wording of a step."""
    if not isinstance(parent, ast.Call) or name != "args":
        return False
    called = ast.unparse(parent.func)
    return (called == "step" and place in (3, 4)) or called.endswith((".strftime", "logger"))


def _is_code(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value) is not None
    )


def _variants(site: _Site, codes: list[str]) -> Iterator[tuple[str, Make]]:
    node, where = site.node, site.where
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BinOp):
        yield from _arithmetic(node)
    elif isinstance(node, ast.Return):
        yield from _returns(node, where.returns)
    elif isinstance(node, ast.Set) or (isinstance(node, ast.Tuple | ast.List) and where.elements):
        yield from _fewer(node)
    elif isinstance(node, ast.Constant):
        yield from _constants(node, where, codes)
    elif isinstance(node, ast.Raise | ast.AugAssign) or _is_call(node):
        yield "statement dropped", lambda _: ast.Pass()
    else:
        yield from _conditions(node)


def _conditions(node: ast.AST) -> Iterator[tuple[str, Make]]:
    if isinstance(node, ast.BoolOp):
        yield "and and or", _boolean
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda n: n.operand
    elif isinstance(node, ast.If | ast.IfExp):
        yield "condition negated", _negated
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], LEAVING):
            yield "guard removed", lambda _: ast.Pass()
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "filter dropped", _unfiltered


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, Make]]:
    def flip(number: int, op: type[ast.cmpop], n: ast.Compare) -> ast.AST:
        ops = [op() if at == number else one for at, one in enumerate(n.ops)]
        return ast.Compare(n.left, ops, n.comparators)

    for number, op in enumerate(node.ops):
        for other in FLIPS[type(op)]:
            yield f"compared by {other.__name__}", partial(flip, number, other)


def _boolean(node: ast.BoolOp) -> ast.AST:
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _negated(node: ast.If | ast.IfExp) -> ast.AST:
    test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
    return type(node)(test, node.body, node.orelse)


def _unfiltered(node: ast.comprehension) -> ast.AST:
    return ast.comprehension(node.target, node.iter, [], node.is_async)


def _arithmetic(node: ast.BinOp) -> Iterator[tuple[str, Make]]:
    number = any(
        isinstance(s, ast.Constant) and isinstance(s.value, int) for s in (node.left, node.right)
    )
    if isinstance(node.op, ast.Add | ast.Sub):
        if number:
            other = ast.Sub if isinstance(node.op, ast.Add) else ast.Add
            yield "plus and minus", lambda n: ast.BinOp(n.left, other(), n.right)
        else:
            yield "right side dropped", lambda n: n.left
        if isinstance(node.op, ast.Add) and not number:
            yield "left side dropped", lambda n: n.right
    elif type(node.op) in OTHER:
        other = OTHER[type(node.op)]
        yield f"by {other.__name__}", lambda n: ast.BinOp(n.left, other(), n.right)


def _returns(node: ast.Return, returns: str) -> Iterator[tuple[str, Make]]:
    given = node.value.value if isinstance(node.value, ast.Constant) else ...
    if returns.endswith("| None") and node.value is not None:
        if given is not None:
            yield "nothing returned", lambda _: ast.Return(ast.Constant(None))
        elif returns.startswith("str"):
            yield "a refusal returned", lambda _: ast.Return(ast.Constant("refused"))
    if returns == "bool":
        for value in (True, False):
            if given is not value:
                yield f"{value} returned", lambda _, v=value: ast.Return(ast.Constant(v))


def _is_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    return not ast.unparse(node.value.func).startswith(("logger.", "logging.", "log."))


def _fewer(node: ast.Set | ast.Tuple | ast.List) -> Iterator[tuple[str, Make]]:
    def without(number: int, n: Any) -> ast.AST:
        kept = [one for at, one in enumerate(n.elts) if at != number]
        if isinstance(n, ast.Set):
            return ast.Set(kept) if kept else ast.Set([_NOTHING])
        return type(n)(kept, n.ctx)

    if all(
        isinstance(one, ast.Constant | ast.Attribute | ast.Name | ast.Starred) for one in node.elts
    ):
        for number, one in enumerate(node.elts):
            yield f"without {ast.unparse(one)}", partial(without, number)


def _constants(node: ast.Constant, where: Where, codes: list[str]) -> Iterator[tuple[str, Make]]:
    for other in _others(node.value, codes if where.strings else []):
        yield f"{other!r} instead", lambda _, o=other: ast.Constant(o)


def _others(value: Any, codes: list[str]) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, bytes):
        return [value + b"_", value[1:]] if value else [b"_"]
    if isinstance(value, str) and codes and PATH in value:
        return list(_paths(value))
    if value in codes and len(codes) > 1:
        return [codes[(codes.index(value) + 1) % len(codes)]]
    return []


def _paths(path: str) -> Iterator[str]:
    """Yield a step's path without each of its sources, and to another state."""
    sources, target = path.split(PATH)
    every = [source.strip() for source in sources.split(",")]
    if len(every) > 1:
        for left_out in every:
            yield ", ".join(one for one in every if one != left_out) + PATH + target
    yield sources + PATH + every[0]
