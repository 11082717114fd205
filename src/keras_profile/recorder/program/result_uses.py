"""Finds out from a line's source whether one position of a call's output is all that is used.

``model.predict_on_batch(x)[:, -1]`` takes one step of a sequence. So does a name that gets the output and is
only read like that, in the function of the line. What the program does besides is not known.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import sys
import textwrap
import tokenize
from types import FrameType, ModuleType
from typing import Any, Collection, Iterator, Sequence

#: Longer functions are not read: that would take time in the program.
_MOST_LINES = 2000
#: Methods that give the same values in another form.
_SAME_VALUES = ("numpy", "copy")
#: Escapes that Python may not know; and numbers that end where a word begins.
_ESCAPED = re.compile(r"\\[^\n'\"]")
_NUMBER_AND_WORD = re.compile(r"\b\d[\w.]*(?:and|else|for|if|in|is|or|not)\b")
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)


def uses_one_position(frame: FrameType) -> bool:
    """Whether only one position of what the call at the frame's line returns is used."""
    code = frame.f_code
    lines = linecache.getlines(code.co_filename, frame.f_globals)
    first = 1 if code.co_name == "<module>" else code.co_firstlineno
    block: Sequence[str] = lines[first - 1 : first - 1 + _MOST_LINES]
    if code.co_name == "<module>" and len(lines) > _MOST_LINES:
        return False
    try:
        if code.co_name != "<module>":
            block = inspect.getblock(block)
        tree = ast.parse(_without_warnings(textwrap.dedent("".join(block))))
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):  # such as a part of a statement
        return False
    # A copy: other threads may be adding names.
    names = list(frame.f_globals.items())
    modules = [name for name, value in names if isinstance(value, ModuleType)]
    return _takes_one_position(tree, frame.f_lineno - first + 1, modules)


def _without_warnings(source: str) -> str:
    """The source without what the parser warns of, which the program would see. Texts may be others.

    >>> _without_warnings(r"re.match('\\d', x)[:, 0]")
    "re.match('__', x)[:, 0]"
    """
    if _NUMBER_AND_WORD.search(source):
        raise ValueError("a number before a word, as in 1or x")
    return _ESCAPED.sub("__", source)


def _takes_one_position(tree: ast.AST, line: int, modules: Collection[str] = ()) -> bool:
    """Whether the statement at a line uses one position of what a call in it returns.

    Functions of ``modules``, such as ``np.cumsum``, may compute that position of all others.

    >>> _takes_one_position(ast.parse("y = predict(x)[:, -1]"), 1)
    True
    >>> _takes_one_position(ast.parse("y = predict(x)"), 1)
    False
    >>> _takes_one_position(ast.parse("y = predict(x)\\nz = y[:, 3].argmax(-1)"), 1)
    True
    >>> _takes_one_position(ast.parse("y = predict(x)\\nz = y[:, 3].argmax(-1) + y.mean()"), 1)
    False
    """
    statements = [node for node in ast.walk(tree) if isinstance(node, _SIMPLE) and node.lineno <= line]
    statement = max(statements, key=lambda node: node.lineno, default=None)
    if statement is None or line > (getattr(statement, "end_lineno", None) or line):
        return False
    loops = _loops(tree)
    places = [node for node in _subscripts(statement) if _is_position(node, loops)]
    if any(_is_call(node.value, modules) for node in places):
        return True
    if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1):
        return False
    if not _is_call(statement.value, modules):
        return False
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        return False
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == target.id]
    set_again = [node.lineno for node in named if isinstance(node.ctx, ast.Store)]
    until = min((number for number in set_again if number > statement.lineno), default=sys.maxsize)
    # The next turn of a loop reads what this one leaves.
    innermost = loops[statement][-1:]
    read = [
        node
        for node in named
        if not isinstance(node.ctx, ast.Store)
        and (statement.lineno <= node.lineno < until or any(loop in loops[node] for loop in innermost))
    ]
    places = [node for node in _subscripts(tree) if node.value in read and _is_position(node, loops)]
    # What is read in a loop of its own is read at many positions.
    same_loop = all(set(loops[node]) <= set(loops[statement]) for node in places)
    indices = {ast.dump(node.slice) for node in places}
    return len(places) == len(read) > 0 and len(indices) == 1 and same_loop


def _loops(tree: ast.AST) -> dict[ast.AST, tuple[ast.AST, ...]]:
    """The loops around each node."""
    found: dict[ast.AST, tuple[ast.AST, ...]] = {tree: ()}
    for node in ast.walk(tree):
        around = found[node] + ((node,) if isinstance(node, _LOOPS) else ())
        found.update((child, around) for child in ast.iter_child_nodes(node))
    return found


def _subscripts(tree: ast.AST) -> Iterator[ast.Subscript]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Subscript))


def _is_call(node: ast.AST, modules: Collection[str]) -> bool:
    """Whether a value is that of a call; ``call().numpy()`` has the values of ``call()``."""
    if not isinstance(node, ast.Call):
        return False
    if not isinstance(node.func, ast.Attribute):
        return True
    if node.func.attr in _SAME_VALUES:
        return _is_call(node.func.value, modules)
    root: ast.AST = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    return not (isinstance(root, ast.Name) and root.id in modules)


def _is_position(node: ast.Subscript, loops: dict[ast.AST, tuple[ast.AST, ...]]) -> bool:
    """Whether it takes one place of the second axis: ``[:, -1]``, or ``[:, at]`` as a loop counts."""
    index: Any = node.slice
    parts = getattr(index, "dims", None) or getattr(index, "elts", None)  # before Python 3.9: dims
    if not parts or len(parts) < 2:
        return False
    every, place = parts[0], getattr(parts[1], "value", parts[1])
    if not isinstance(every, ast.Slice) or every.lower or every.upper or every.step:
        return False
    if isinstance(place, int):
        return not isinstance(place, bool)
    if not isinstance(place, (ast.Name, ast.BinOp, ast.UnaryOp, ast.Num)):
        return False
    counted = {name.id for loop in loops[node] if isinstance(loop, ast.For) for name in _counted(loop)}
    # Another name may be of a mask, or of many places.
    return all(name.id in counted for name in ast.walk(place) if isinstance(name, ast.Name))


def _counted(loop: ast.For) -> list[ast.Name]:
    """The name that counts the turns of a loop over a range or ``enumerate``; empty if there is none."""
    made_by = loop.iter.func if isinstance(loop.iter, ast.Call) else None
    if not isinstance(made_by, ast.Name) or made_by.id not in ("range", "enumerate"):
        return []
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
    return [target] if isinstance(target, ast.Name) else []
