"""Functions whose own code reports that they are called.

A function is compiled again from its source with its body in a ``with`` block ::

    with enter((self, *args), kwargs):
        <body, in which "return x" is "return give(x)">

and that code replaces its own. ``enter`` returns before the body runs, and the block ends after it.
While the body runs, no frame of ours is on the stack or in a traceback, and the function is the same
object as before. A ``with`` block needs no local variable and notices an exception without catching it.
"""

from __future__ import annotations

import ast
import dis
import types
from typing import Any, Callable

from ..source_files import source_of
from .codes import SCOPES, all_codes, codes_of, constant, first_line, position, with_constants
from .excerpt import excerpt

#: Strings that stand for a watch's callables until the code object's constants are replaced.
PLACEHOLDERS = ("\0keras_profile watch", "\0keras_profile give", "\0keras_profile over")
_ENTER, _GIVE, _OVER = PLACEHOLDERS
#: Code that cannot run in our block, or in which a call is not a single span.
_NO_PLAIN_FUNCTION = 0x20 | 0x80 | 0x100 | 0x200  # generator, coroutine, iterable coroutine, async generator

#: All watches; their position is their number.
_WATCHES: list[Watch] = []
#: id of a code object with a watch -> (it, the watch's number)
_WATCHED: dict[int, tuple[types.CodeType, int]] = {}


class Unwatchable(Exception):
    """Raised if the function cannot be compiled again as it is; the text says why."""


class Watch:
    """What a watched function calls.

    ``enter(arguments, options)`` gets the values of the positional parameters, in one tuple with those
    of ``*args``, and the dict of ``**kwargs`` with the keyword-only ones, or None if there are none.
    It returns a context manager that the body runs in. ``give(result)`` gets each result and returns it;
    it is None if nobody asks. ``is_over()`` says whether the function is returning and has to forget its
    local variables before that block ends. What they hold, such as Keras' iterators, would be destroyed
    right after it, which takes long and belongs to the call. It is None if that never happens.
    """

    def __init__(
        self,
        enter: Callable[..., Any],
        give: Callable[[Any], Any] | None = None,
        is_over: Callable[[], bool] | None = None,
    ) -> None:
        self.enter = enter
        self.give = give
        self.is_over = is_over
        #: The local variables that the function forgets.
        self.forgotten: list[str] = []


class WatchedFunction:
    """A function with its code, and the same code with a watch. Raises :class:`Unwatchable`."""

    def __init__(self, function: types.FunctionType, watch: Watch) -> None:
        self.function = function
        self._original = function.__code__
        self._watched = _with_watch(self._original, watch)

    @property
    def is_as_before(self) -> bool:
        """Whether the function has the code that it had when this was made, with the watch or without."""
        code = self.function.__code__
        return code is self._original or code is self._watched

    @property
    def is_installed(self) -> bool:
        return self.function.__code__ is self._watched

    def install(self) -> None:
        self.function.__code__ = self._watched

    def remove(self) -> None:
        self.function.__code__ = self._original


def watch_number(code: types.CodeType) -> int | None:
    """Returns the number of the watch that a code object has, None if it has none."""
    known = _WATCHED.get(id(code))
    return None if known is None else known[1]


def bound(placeholder: str) -> Callable[..., Any] | None:
    """Returns what replaces a placeholder."""
    name, _, number = placeholder.rpartition(" ")
    watch = _WATCHES[int(number)]
    return {_ENTER: watch.enter, _GIVE: watch.give, _OVER: watch.is_over}[name]


def insert_watch(node: ast.FunctionDef, number: int) -> None:
    """Puts the placeholders of a watch into a function's node."""
    body = list(node.body)
    head = [body.pop(0)] if ast.get_docstring(node, clean=False) is not None else []
    at = body[0] if body else node
    watch = _WATCHES[number]
    if watch.give is not None:
        body = [_Results(number).visit(statement) for statement in body]
    if watch.forgotten:
        forget = ast.Assign(
            targets=[ast.Name(id=name, ctx=ast.Store()) for name in watch.forgotten],
            value=constant(None),
            type_comment=None,
        )
        is_over = ast.Call(func=constant("{} {}".format(_OVER, number)), args=[], keywords=[])
        last = ast.If(test=is_over, body=[forget], orelse=[])
        body = [ast.Try(body=body or [ast.Pass()], handlers=[], orelse=[], finalbody=[last])]
        ast.copy_location(body[0], at)
    enter = ast.Call(func=constant("{} {}".format(_ENTER, number)), args=_given(node.args), keywords=[])
    item = ast.withitem(context_expr=enter, optional_vars=None)
    block = ast.With(items=[item], body=body or [ast.Pass()], type_comment=None)
    node.body = head + [ast.copy_location(block, at)]


def _given(parameters: ast.arguments) -> list[ast.expr]:
    """Returns the expressions of a function's arguments: positional values, and those by name."""
    positional = list(getattr(parameters, "posonlyargs", [])) + parameters.args
    values: list[ast.expr] = [_load(one.arg) for one in positional]
    if parameters.vararg is not None:
        values.append(ast.Starred(value=_load(parameters.vararg.arg), ctx=ast.Load()))
    given: list[ast.expr] = [ast.Tuple(elts=values, ctx=ast.Load())]
    by_name: ast.expr | None = None if parameters.kwarg is None else _load(parameters.kwarg.arg)
    if parameters.kwonlyargs:
        keys: list[ast.expr | None] = [constant(one.arg) for one in parameters.kwonlyargs]
        named: list[ast.expr] = [_load(one.arg) for one in parameters.kwonlyargs]
        if by_name is not None:
            keys.append(None)
            named.append(by_name)
        by_name = ast.Dict(keys=keys, values=named)
    return given if by_name is None else [*given, by_name]


def _load(name: str) -> ast.Name:
    return ast.Name(id=name, ctx=ast.Load())


class _Results(ast.NodeTransformer):
    """Makes ``return x`` into ``return give(x)``, in one function's own body."""

    def __init__(self, number: int) -> None:
        self._number = number

    def visit_Return(self, node: ast.Return) -> ast.Return:
        value = node.value or ast.copy_location(constant(None), node)
        name = constant("{} {}".format(_GIVE, self._number))
        node.value = ast.copy_location(ast.Call(func=name, args=[value], keywords=[]), value)
        return node

    def visit(self, node: ast.AST) -> Any:
        return node if isinstance(node, SCOPES) else super().visit(node)


def _with_watch(code: types.CodeType, watch: Watch) -> types.CodeType:
    if code.co_flags & _NO_PLAIN_FUNCTION:
        raise Unwatchable("it is no plain function")
    try:
        source = source_of(code.co_filename)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unwatchable("its source cannot be read: {}".format(error)) from error
    for text in (excerpt(source, [code.co_firstlineno]), source):
        try:
            if _same(code, _compiled(text, code, None)):
                _WATCHES.append(watch)
                number = len(_WATCHES) - 1
                watch.forgotten = [] if watch.is_over is None else _own_variables(code)
                made = _bind(_compiled(text, code, number))
                _WATCHED[id(made)] = (made, number)
                return made
        except (SyntaxError, KeyError, ValueError):
            continue  # the excerpt is wrong, or the file has changed
    raise Unwatchable("its source in {} differs from what runs".format(code.co_filename))


def _own_variables(code: types.CodeType) -> list[str]:
    """Returns the local variables that die with a function's frame; none if a decorator made it."""
    if set(code.co_freevars) - {"__class__"}:
        return []
    parameters = code.co_argcount + code.co_kwonlyargcount
    parameters += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
    return [name for name in code.co_varnames[parameters:] if name not in code.co_cellvars]


def _compiled(source: str, code: types.CodeType, number: int | None) -> types.CodeType:
    """Compiles the function of ``code`` again, with or without a watch. Raises KeyError if it is missing."""
    tree = ast.parse(source)  # with the file's name, a SyntaxError would read it
    tree.body = _pruned(tree.body, code.co_firstlineno)
    for node in ast.walk(tree):
        if number is None or not isinstance(node, ast.FunctionDef):
            continue
        if (node.name, first_line(node)) == position(code):
            insert_watch(node, number)
    return codes_of(tree, code.co_filename)[position(code)]


def _pruned(body: list[ast.stmt], line: int) -> list[ast.stmt]:
    """Returns the statements of a module that matter for the function that begins on ``line``."""
    futures = [one for one in body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    return futures + [one for one in body if first_line(one) <= line][-1:]


def _same(one: types.CodeType, other: types.CodeType) -> bool:
    """Whether two code objects come from the same source, with the functions defined in them.

    Their instructions may differ: how a method is called depends on the module's imports.
    """
    ones, others = list(all_codes(one)), list(all_codes(other))
    return len(ones) == len(others) and all(_looks(mine) == _looks(its) for mine, its in zip(ones, others))


def _looks(code: types.CodeType) -> tuple[Any, ...]:
    constants = [(type(one), one) for one in code.co_consts if not isinstance(one, types.CodeType)]
    lines = {line for _, line in dis.findlinestarts(code)}
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (*names, repr(constants), lines)


def _bind(code: types.CodeType) -> types.CodeType:
    """Returns ``code`` with a watch's callables in place of the placeholders. Nested functions have none."""
    return with_constants(
        code,
        tuple(
            bound(one) if isinstance(one, str) and one.startswith(PLACEHOLDERS) else one
            for one in code.co_consts
        ),
    )
