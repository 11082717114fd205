"""Finds out from a line's source whether one position of a call's output is all that is used.

``model.predict_on_batch(x)[:, -1]`` takes one step of a sequence. So does a name that gets the output and is
read nowhere in the function of the line but like that. Where in its line a call is, Python says from 3.11 on.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import linecache
import re
import sys
import textwrap
import tokenize
from types import FrameType
from typing import Any, Dict, Iterator, Sequence, Tuple

#: Longer functions are not read: that would take time in the program.
_MOST_LINES, _MOST_CHARACTERS = 2000, 100_000
#: Methods that give the same values in another form.
_SAME_VALUES = ("numpy", "copy")
#: Escapes that Python may not know; and numbers that end where a word begins.
_ESCAPED = re.compile(r"\\[^\n'\"]")
_NUMBER_AND_WORD = re.compile(r"\b\d[\w.]*(?:and|else|for|if|in|is|or|not)\b")
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

#: Line and column of a call's beginning, and of its end, as in :mod:`ast`.
_Span = Tuple[int, int, int, int]
#: The node that each node is in.
_Parents = Dict[ast.AST, Any]


def uses_one_position(frame: FrameType) -> bool:
    """Whether only one position of what the call that the frame makes returns is used."""
    if sys.version_info < (3, 11):
        return False
    code = frame.f_code
    lines = linecache.getlines(code.co_filename, frame.f_globals)
    is_module = code.co_name == "<module>"
    # The names of a notebook's cell are read by other cells.
    if is_module and frame.f_globals.get("__file__") != code.co_filename:
        return False
    first = 1 if is_module else code.co_firstlineno
    block: Sequence[str] = lines[first - 1 : first + _MOST_LINES]
    if is_module and len(lines) > _MOST_LINES:
        return False
    try:
        if not is_module:
            block = inspect.getblock(block)
        source = "".join(block)
        if not source or len(source) > _MOST_CHARACTERS:
            return False
        indent = len(block[0]) - len(block[0].lstrip())
        tree = ast.parse(_without_warnings(textwrap.dedent(source)))
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):  # such as a part of a statement
        return False
    positions: Any = code.co_positions()  # type: ignore[attr-defined,unused-ignore]  # from Python 3.11 on
    line, end_line, column, end_column = next(itertools.islice(positions, frame.f_lasti // 2, None))
    if None in (line, end_line, column, end_column):
        return False
    span = (line - first + 1, column - indent, end_line - first + 1, end_column - indent)
    return _takes_one_position(tree, span)


def _without_warnings(source: str) -> str:
    """The source without what the parser warns of, which the program would see. Texts may be others.

    >>> _without_warnings(r"re.match('\\d', x)[:, 0]")
    "re.match('__', x)[:, 0]"
    """
    if _NUMBER_AND_WORD.search(source):
        raise ValueError("a number before a word, as in 1or x")
    return _ESCAPED.sub("__", source)


def _takes_one_position(tree: ast.AST, span: _Span) -> bool:
    """Whether the call at these lines and columns is read at one position alone.

    >>> _takes_one_position(ast.parse("y = predict(x)[:, -1]"), (1, 4, 1, 14))
    True
    >>> _takes_one_position(ast.parse("y = predict(x)"), (1, 4, 1, 14))
    False
    >>> _takes_one_position(ast.parse("y = predict(x)\\nz = y[:, 3].argmax(-1)"), (1, 4, 1, 14))
    True
    >>> _takes_one_position(ast.parse("y = predict(x)\\nz = y[:, 3] + y.mean()"), (1, 4, 1, 14))
    False
    """
    parents: _Parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    call = next((node for node in parents if isinstance(node, ast.Call) and _span(node) == span), None)
    if call is None:
        return False
    value = _same_values(call, parents)
    reader = parents[value]
    if isinstance(reader, ast.Subscript) and reader.value is value:
        return _is_position(reader, parents)
    if not (isinstance(reader, ast.Assign) and len(reader.targets) == 1):
        return False
    target = reader.targets[0]
    return isinstance(target, ast.Name) and _is_read_at_one_position(target.id, reader, tree, parents)


def _span(node: Any) -> _Span:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _same_values(node: Any, parents: _Parents) -> Any:
    """``call().numpy()`` for ``call()``, which has its values."""
    attribute = parents[node]
    if not (isinstance(attribute, ast.Attribute) and attribute.attr in _SAME_VALUES):
        return node
    call = parents[attribute]
    return _same_values(call, parents) if isinstance(call, ast.Call) and call.func is attribute else node


def _is_read_at_one_position(name: str, setting: ast.Assign, tree: ast.AST, parents: _Parents) -> bool:
    """Whether each time that the name is read, it is at one and the same position, in the setting's loops."""
    places = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return False
        if not (isinstance(node, ast.Name) and node.id == name):
            continue
        reader = parents[node]
        if isinstance(reader, ast.AugAssign):
            return False
        if isinstance(node.ctx, ast.Load):
            if not (
                isinstance(reader, ast.Subscript) and reader.value is node and _is_position(reader, parents)
            ):
                return False
            places.append(reader)
    # What is read in a loop of its own is read at many positions.
    around = list(_loops(setting, parents))
    same_loop = all(loop in around for place in places for loop in _loops(place, parents))
    return len({ast.dump(place.slice) for place in places}) == 1 and same_loop


def _loops(node: Any, parents: _Parents) -> Iterator[Any]:
    """The loops around a node, innermost first."""
    while node in parents:
        node = parents[node]
        if isinstance(node, _LOOPS):
            yield node


def _is_position(node: ast.Subscript, parents: _Parents) -> bool:
    """Whether it takes one place of the second axis: ``[:, -1]``, or ``[:, at]`` as a loop counts."""
    index: Any = node.slice
    if not isinstance(node.ctx, ast.Load) or not isinstance(index, ast.Tuple) or len(index.elts) < 2:
        return False
    every, place = index.elts[:2]
    if not isinstance(every, ast.Slice) or every.lower or every.upper or every.step:
        return False
    if isinstance(place, ast.Constant):
        return type(place.value) is int
    if not isinstance(place, (ast.Name, ast.BinOp, ast.UnaryOp)):
        return False
    parts = list(ast.walk(place))
    if not all(isinstance(part, (ast.Name, ast.Constant, ast.expr_context, *_SUMS)) for part in parts):
        return False
    counted = {name for loop in _loops(node, parents) for name in _counted(loop)}
    # Another name may be of a mask, or of many places.
    return all(part.id in counted for part in parts if isinstance(part, ast.Name))


#: Of what the number of a position is computed, besides names and numbers.
_SUMS = (ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.USub)


def _counted(loop: Any) -> list[str]:
    """The name that counts the turns of a loop over a range or ``enumerate``; empty if there is none."""
    made_by = loop.iter.func if isinstance(loop, ast.For) and isinstance(loop.iter, ast.Call) else None
    if not isinstance(made_by, ast.Name) or made_by.id not in ("range", "enumerate"):
        return []
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
    return [target.id] if isinstance(target, ast.Name) else []
