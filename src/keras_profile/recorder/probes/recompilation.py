"""Probes by compiling functions again, for interpreters before ``sys.monitoring``.

The function's module is parsed, the function's body becomes ::

    enter(id)
    try:
        <body>
    finally:
        leave(id)

or, on newer interpreters, ``with`` an object that calls both. A ``yield`` leaves and enters again. The
resulting code replaces the old one in every function object that has it. A wrapper function would not
work: it sees the exit only after the wrapped frame is gone, so its time would include the destruction
of the iterators that the frame held. File name and line numbers stay, so ``inspect``, autograph and
tracebacks see the same source.
"""

from __future__ import annotations

import ast
import gc
import sys
import types
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Collection,
    Dict,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Tuple,
)

from ..source_files import source_of
from .codes import (
    SCOPES,
    Function,
    Position,
    all_codes,
    closures_match,
    codes_of,
    constant,
    first_line,
    is_generator,
    names_match,
    position,
    with_constants,
)
from .excerpt import excerpt
from .watching import PLACEHOLDERS as _OF_WATCHES
from .watching import bound as bound_watch
from .watching import insert_watch, watch_number

if TYPE_CHECKING:
    from .hooks import Hooks
    from .resolving import Target

#: Strings that stand for a hook until the code object's constants are replaced.
_PLACEHOLDERS = tuple(
    "\0keras_profile " + name for name in ("enter", "leave", "resume", "pause", "thrown", "within")
)
_ENTER, _LEAVE, _RESUME, _PAUSE, _THROWN, _WITHIN = _PLACEHOLDERS

#: From Python 3.11 on, a frame that an error leaves through a ``with`` has the line where the error was
#: raised, as it would have without probes. Through a ``finally``, the frame has that line instead; only the
#: traceback has the right one. Keras asks the frame when it filters its own frames out.
_KEEPS_PLACE = sys.version_info >= (3, 11)

#: A local variable of hooked generators: a list that holds whether the generator is paused
#: at a ``yield``. No source can contain this name.
_PAUSED = ".keras_profile_paused"

#: Code objects with placeholders, by position; reasons why there are none, by internal.
_WithPlaceholders = Tuple[Dict[Position, types.CodeType], Dict[int, str]]


#: What :func:`_compiled_once` has compiled, and for which targets.
_COMPILED: dict[tuple[Any, ...], tuple[_WithPlaceholders, list[Target]]] = {}


class RecompilationProbes:
    """Probes on targets (:class:`.resolving.Target`), reported to ``hooks``.

    ``unprobed`` lists (target, reason) for what could not be compiled again.
    """

    mechanism = "recompilation"

    def __init__(self, targets: Sequence[Target], hooks: Hooks) -> None:
        # Functions that are defined while the probes are installed have hooked code and may
        # exist longer: their hooks ask here whether they still count.
        self._gate = [False]
        self._hooks = hooks
        self._namespaces = [*{id(target.namespace): target.namespace for target in targets}.values()]
        # id of a code object with hooks -> (it, the original)
        self._originals: dict[int, tuple[types.CodeType, types.CodeType]] = {}
        self.unprobed: list[tuple[Target, str]] = []
        self._swaps = self._prepare(targets)
        unprobed = {id(target) for target, _ in self.unprobed}
        self._watched = {
            id(target.code): target.internal
            for target in targets
            if watch_number(target.code) is not None and id(target) not in unprobed
        }

    def install(self) -> None:
        self._gate[0] = True
        for function, original, hooked in self._swaps:
            if function.__code__ is original:  # not if a watched function is no longer watched
                function.__code__ = hooked

    def remove(self) -> None:
        self._gate[0] = False
        for function, original, hooked in self._swaps:
            if function.__code__ is hooked:
                function.__code__ = original

    def internal_entered(self, code: types.CodeType) -> int | None:
        """Returns the internal of a watched function, which began before its probe; None for others."""
        return self._watched.get(id(code))

    def close(self) -> None:
        """Removes the hooks, also from functions that were defined in the meantime."""
        self.remove()
        for function in self._functions():
            if id(function.__code__) in self._originals:
                function.__code__ = self._originals[id(function.__code__)][1]

    def _prepare(
        self, targets: Sequence[Target]
    ) -> list[tuple[types.FunctionType, types.CodeType, types.CodeType]]:
        """Returns the exchanges to make: (function, its code, that code with hooks)."""
        by_file: dict[str, list[Target]] = {}
        for target in targets:
            by_file.setdefault(target.code.co_filename, []).append(target)
        # id of a code object -> (it, the same with hooks)
        exchanged: dict[int, tuple[types.CodeType, types.CodeType]] = {}
        for filename, wanted in by_file.items():
            try:
                exchanged.update(self._recompile(filename, wanted))
            except (OSError, SyntaxError, ValueError) as error:
                self.unprobed.extend((target, str(error)) for target in wanted)
        self._originals = {id(hooked): (hooked, original) for original, hooked in exchanged.values()}
        return [
            (function, *exchanged[id(function.__code__)])
            for function in self._functions()
            if id(function.__code__) in exchanged
        ]

    def _functions(self) -> Iterable[types.FunctionType]:
        """Returns every function object of the targets' modules, including those in closures.

        It does not use ``gc.get_objects()``, which returns tuples that other threads are still
        filling. A tuple that somebody else holds cannot grow: their ``tuple(...)`` raises SystemError
        (https://github.com/python/cpython/issues/39117).
        """
        found = [thing for thing in gc.get_referrers(*self._namespaces) if type(thing) is types.FunctionType]
        if gc.get_freeze_count():
            found += self._held_functions()
        return {id(function): function for function in found}.values()

    def _held_functions(self) -> list[types.FunctionType]:
        """Returns the functions that modules, their classes and other functions hold.

        If a program called ``gc.freeze()``, as servers do before they fork, the collector does not
        list its objects as referrers (https://docs.python.org/3/library/gc.html#gc.freeze).
        """
        ours = {id(namespace) for namespace in self._namespaces}
        modules = {namespace.get("__name__") for namespace in self._namespaces}
        waiting: list[Any] = [value for namespace in self._namespaces for value in list(namespace.values())]
        seen: set[int] = set()
        found: list[types.FunctionType] = []
        while waiting:
            thing = waiting.pop()
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            if type(thing) is types.FunctionType:
                if id(thing.__globals__) in ours:
                    found.append(thing)
                waiting += list(vars(thing).values())
                waiting += [cell.cell_contents for cell in thing.__closure__ or () if _is_filled(cell)]
            elif isinstance(thing, (staticmethod, classmethod)):
                waiting.append(thing.__func__)
            elif isinstance(thing, property):
                waiting += [thing.fget, thing.fset, thing.fdel]
            elif isinstance(thing, type) and thing.__module__ in modules:
                waiting += list(vars(thing).values())
        return found

    def _recompile(
        self, filename: str, wanted: Sequence[Target]
    ) -> dict[int, tuple[types.CodeType, types.CodeType]]:
        hooked, reasons = _compiled_once(filename, wanted)
        exchanged = {}
        for target in wanted:
            if target.internal in reasons:
                self.unprobed.append((target, reasons[target.internal]))
            if not closures_match(target.outer, hooked):
                if target.internal not in reasons:
                    self.unprobed.append((target, "its source in {} differs from what runs".format(filename)))
                continue
            # A nested function is made again from its parent's constants, and may already
            # exist from an earlier call of the parent: both are exchanged.
            bound = self._bind(hooked[position(target.outer)])
            for code, new in zip(all_codes(target.outer), all_codes(bound)):
                exchanged[id(code)] = (code, new)
        return exchanged

    def _bind(self, code: types.CodeType) -> types.CodeType:
        """Returns ``code`` with the hooks in place of their placeholders, at every depth."""
        constants = tuple(self._bind_constant(constant) for constant in code.co_consts)
        return with_constants(code, constants)

    def _bind_constant(self, constant: Any) -> Any:
        if isinstance(constant, types.CodeType):
            return self._bind(constant)
        if isinstance(constant, str) and constant.startswith(_OF_WATCHES):
            return bound_watch(constant)
        if isinstance(constant, str) and constant.startswith(_PLACEHOLDERS):
            placeholder, _, internal = constant.rpartition(" ")
            if placeholder == _WITHIN:
                return _Within(self._gate, self._hooks, int(internal))
            return _bound(placeholder, self._gate, self._hooks, int(internal))
        return constant


class _Within:
    """The context that the body of an internal runs in."""

    def __init__(self, gate: list[bool], hooks: Hooks, internal: int) -> None:
        self._gate = gate
        self._enter = hooks.enter
        self._leave = hooks.leave
        self._internal = internal

    def __enter__(self) -> None:
        if self._gate[0]:
            self._enter(self._internal)

    def __exit__(self, *error: object) -> None:
        if self._gate[0]:
            self._leave(self._internal)


def _is_filled(cell: types.CellType) -> bool:
    """Whether a closure's variable has a value."""
    try:
        cell.cell_contents  # noqa: B018 - raises if it has none
    except ValueError:
        return False
    return True


def _bound(placeholder: str, gate: list[bool], hooks: Hooks, internal: int) -> Callable[..., Any]:
    """Returns what replaces a placeholder: it calls the internal's hook if the gate is open.

    Around a ``yield`` it gets a value, which it passes on, and the generator's list that
    holds whether it is paused.
    """
    hook = {_ENTER: hooks.enter, _RESUME: hooks.resume, _THROWN: hooks.resume}.get(placeholder, hooks.leave)
    if placeholder in (_ENTER, _LEAVE):

        def entered_or_left(paused: Sequence[bool] = (False,)) -> None:
            if gate[0] and not paused[0]:
                hook(internal)

        return entered_or_left
    if placeholder == _THROWN:

        def thrown_into(paused: list[bool]) -> None:
            if paused[0]:
                paused[0] = False
                if gate[0]:
                    hook(internal)

        return thrown_into

    def paused_or_resumed(value: Any, paused: list[bool]) -> Any:
        paused[0] = placeholder == _PAUSE
        if gate[0]:
            hook(internal)
        return value

    return paused_or_resumed


def _compiled_once(filename: str, wanted: Sequence[Target]) -> _WithPlaceholders:
    """Returns :func:`_with_placeholders` of a file. It is slow, and several instruments ask for it."""
    key = (filename, *((target.internal, id(target.code), id(target.outer)) for target in wanted))
    if key not in _COMPILED:
        # The code objects are kept, since others could get their identities.
        _COMPILED[key] = (_compiled(filename, wanted), list(wanted))
    return _COMPILED[key][0]


def _compiled(filename: str, wanted: Sequence[Target]) -> _WithPlaceholders:
    source = source_of(filename)
    try:
        found = _with_placeholders(
            excerpt(source, {target.outer.co_firstlineno for target in wanted}), filename, wanted
        )
        if all(
            closures_match(target.outer, found[0]) and names_match(target.outer, found[0])
            for target in wanted
        ):
            return found
    except SyntaxError:
        pass  # the excerpt is wrong if a text within the source looks like code
    return _with_placeholders(source, filename, wanted)


def _with_placeholders(source: str, filename: str, wanted: Sequence[Target]) -> _WithPlaceholders:
    """Returns a source's code objects by position, and why some of ``wanted`` have no placeholders.

    The reasons are by the internal's id.
    """
    tree = ast.parse(source)  # with the file's name, a SyntaxError would read it
    # This comes first: most of a module is not wanted.
    tree.body = _pruned(tree.body, {target.outer.co_firstlineno for target in wanted})
    functions = {
        (node.name, first_line(node)): node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    ids: dict[Position, int] = {}
    reasons: dict[int, str] = {}
    for target in wanted:
        reason = _unhookable(functions.get(position(target.code)), target.code)
        if reason is None:
            ids[position(target.code)] = target.internal
        else:
            reasons[target.internal] = reason
    generators = {position(target.code) for target in wanted if is_generator(target.code)}
    _HookInserter(ids, generators).visit(tree)
    for place, outer in {position(target.outer): target.outer for target in wanted}.items():
        number, node = watch_number(outer), functions.get(place)
        if number is not None and isinstance(node, ast.FunctionDef):
            insert_watch(node, number)  # a watched function stays watched
    return codes_of(tree, filename), reasons


def _unhookable(function: Function | None, code: types.CodeType) -> str | None:
    """Returns why a function's node cannot be given hooks that see all of its entries, or None."""
    if isinstance(function, ast.AsyncFunctionDef):
        return "it is a coroutine"
    if (
        function is not None
        and is_generator(code)
        and any(isinstance(inner, ast.YieldFrom) for inner in _own_nodes(function))
    ):
        return "it has a yield from, by which it is left and resumed unseen"
    return None  # closures_match finds out what is missing


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yields the nodes of a function's body that are not in a nested function."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, SCOPES):
            stack.extend(ast.iter_child_nodes(node))


def _pruned(body: Iterable[ast.stmt], lines: Collection[int]) -> list[ast.stmt]:
    """Returns the statements of a module or class that define a function starting on ``lines``.

    What is left gives the same scopes: a function's closure depends only on the functions
    and classes around it, and those are kept whole.
    """
    kept: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            kept.append(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if first_line(node) in lines:
                kept.append(node)
        elif isinstance(node, (ast.ClassDef, ast.If, ast.Try, ast.With)):
            for field in ("body", "orelse", "finalbody"):
                if hasattr(node, field):
                    setattr(node, field, _pruned(getattr(node, field), lines))
            if any(getattr(node, field, None) for field in ("body", "orelse", "finalbody")):
                node.body = node.body or [ast.copy_location(ast.Pass(), node)]
                kept.append(node)
    return kept


class _HookInserter(ast.NodeTransformer):
    """Puts placeholders for the hooks into the functions at the given positions."""

    def __init__(self, ids: Mapping[Position, int], generators: Collection[Position]) -> None:
        self._ids = ids
        self._generators = generators

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        place = (node.name, first_line(node))
        internal = self._ids.get(place)
        if internal is None:
            return node
        body = list(node.body)
        head: list[ast.stmt] = [body.pop(0)] if ast.get_docstring(node, clean=False) is not None else []
        at = body[0] if body else node
        arguments: list[ast.expr] = []
        if place in self._generators:
            body = [_YieldHooks(internal).visit(statement) for statement in body]
            unpaused = ast.List(elts=[constant(False)], ctx=ast.Load())
            head.append(
                ast.copy_location(
                    ast.Assign(targets=[ast.Name(id=_PAUSED, ctx=ast.Store())], value=unpaused), at
                )
            )
            arguments = [_paused()]
        elif _KEEPS_PLACE:
            within = ast.withitem(context_expr=constant("{} {}".format(_WITHIN, internal)))
            guarded_by = ast.With(items=[within], body=body or [ast.Pass()])
            node.body = [*head, ast.copy_location(guarded_by, at)]
            return node
        leave = ast.Expr(value=_call(_LEAVE, internal, *arguments))
        guarded = ast.Try(body=body or [ast.Pass()], handlers=[], orelse=[], finalbody=[leave])
        enter = ast.Expr(value=_call(_ENTER, internal))
        node.body = head + [ast.copy_location(enter, at), ast.copy_location(guarded, at)]
        return node


class _YieldHooks(ast.NodeTransformer):
    """Makes ``yield x`` into ``resume(yield pause(x))``, in one function's own body.

    A generator that is thrown into or closed does not reach ``resume``, so statements
    with a ``yield`` are put into a ``try`` that notices it.
    """

    def __init__(self, internal: int) -> None:
        self._internal = internal

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        self.generic_visit(node)
        value = node.value or constant(None)
        paused = ast.Yield(value=_call(_PAUSE, self._internal, value, _paused()))
        return ast.copy_location(_call(_RESUME, self._internal, paused, _paused()), node)

    def _visit_statement(self, node: ast.stmt) -> ast.AST:
        has_yield = any(isinstance(inner, ast.Yield) for inner in ast.walk(node))
        self.generic_visit(node)
        if not has_yield:
            return node
        thrown = ast.Expr(value=_call(_THROWN, self._internal, _paused()))
        handler = ast.ExceptHandler(type=None, name=None, body=[thrown, ast.Raise(exc=None, cause=None)])
        return ast.copy_location(ast.Try(body=[node], handlers=[handler], orelse=[], finalbody=[]), node)

    visit_Expr = visit_Assign = visit_AugAssign = visit_AnnAssign = _visit_statement
    visit_Return = visit_Raise = visit_Assert = _visit_statement

    def _leave_alone(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = _leave_alone
    visit_GeneratorExp = _leave_alone


def _call(placeholder: str, internal: int, *arguments: ast.expr) -> ast.Call:
    name = constant("{} {}".format(placeholder, internal))
    return ast.Call(func=name, args=list(arguments), keywords=[])


def _paused() -> ast.Name:
    return ast.Name(id=_PAUSED, ctx=ast.Load())
