"""Probes by compiling functions again, for interpreters before ``sys.monitoring``.

The function's module is parsed, the function's body becomes ::

    enter(id)
    try:
        <body>
    finally:
        leave(id)

with ``yield`` leaving and entering again, and the code that comes of it takes the place
of the old one in every function object that has it. A wrapper function would not do:
it sees the exit only after the wrapped frame is gone, and with it the time in which the
iterators that the frame held are destroyed. File name and line numbers stay, so
``inspect``, autograph and tracebacks see the same source.
"""
from __future__ import annotations

import ast
import functools
import gc
import types
import warnings

#: Strings that stand for a hook until the code object's constants are replaced.
_PLACEHOLDERS = ("\0keras_profile enter", "\0keras_profile leave",
                 "\0keras_profile resume", "\0keras_profile pause")
_ENTER, _LEAVE, _RESUME, _PAUSE = _PLACEHOLDERS


class RecompilationProbes:
    """Probes on targets (:class:`..internals.Target`), reported to ``hooks``.

    ``unprobed`` lists (target, reason) for what could not be compiled again.
    """

    mechanism = "recompilation"

    def __init__(self, targets, hooks):
        self._bindings = {
            _ENTER: lambda internal: functools.partial(hooks.enter, internal),
            _LEAVE: lambda internal: functools.partial(hooks.leave, internal),
            _RESUME: lambda internal: functools.partial(_call_and_pass_on, hooks.resume, internal),
            _PAUSE: lambda internal: functools.partial(_call_and_pass_on, hooks.leave, internal),
        }
        self.unprobed = []
        self._swaps = self._prepare(targets)

    def install(self):
        for function, _, hooked in self._swaps:
            function.__code__ = hooked

    def remove(self):
        for function, original, _ in self._swaps:
            function.__code__ = original

    def _prepare(self, targets):
        """The exchanges to make: (function, its code, that code with hooks)."""
        by_file = {}
        for target in targets:
            by_file.setdefault(target.code.co_filename, []).append(target)
        exchanged = {}  # id of a code object -> (it, the same with hooks)
        for filename, wanted in by_file.items():
            try:
                exchanged.update(self._recompile(filename, wanted))
            except (OSError, SyntaxError, ValueError) as error:
                self.unprobed.extend((target, str(error)) for target in wanted)
        return [
            (thing,) + exchanged[id(thing.__code__)]
            for thing in gc.get_objects()
            if type(thing) is types.FunctionType and id(thing.__code__) in exchanged
        ]

    def _recompile(self, filename, wanted):
        with open(filename, "rb") as file:
            tree = ast.parse(file.read(), filename)
        ids = {_position(target.code): target.internal for target in wanted}
        lines = {target.outer.co_firstlineno for target in wanted}
        tree.body = _pruned(tree.body, lines)
        _HookInserter(ids).visit(tree)
        ast.fix_missing_locations(tree)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a placeholder is a string that is called
            module = compile(tree, filename, "exec", dont_inherit=True)
        hooked = {_position(code): code for code in _all_codes(module)}
        exchanged = {}
        for target in wanted:
            if not _closures_match(target.outer, hooked):
                self.unprobed.append((target, "its source in {} differs from what runs".format(filename)))
                continue
            # A function below another is made anew from its parent's constants, and
            # may exist already from an earlier call of it: both are exchanged.
            for code in _all_codes(target.outer):
                exchanged[id(code)] = (code, self._bind(hooked[_position(code)]))
        return exchanged

    def _bind(self, code):
        """``code`` with the hooks in place of their placeholders, at every depth."""
        constants = tuple(self._bind_constant(constant) for constant in code.co_consts)
        return _with_constants(code, constants)

    def _bind_constant(self, constant):
        if isinstance(constant, types.CodeType):
            return self._bind(constant)
        if isinstance(constant, str) and constant.startswith(_PLACEHOLDERS):
            placeholder, _, internal = constant.rpartition(" ")
            return self._bindings[placeholder](int(internal))
        return constant


def _call_and_pass_on(hook, internal, value):
    hook(internal)
    return value


def _position(code):
    return code.co_name, code.co_firstlineno


def _all_codes(code):
    """``code`` and the code objects of the functions defined in it, at any depth."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            for inner in _all_codes(constant):
                yield inner


def _closures_match(outer, hooked):
    return all(
        _position(code) in hooked and hooked[_position(code)].co_freevars == code.co_freevars
        for code in _all_codes(outer)
    )


def _first_line(node):
    """The line that the code object of a function says it starts on: its decorators'."""
    return min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])


def _pruned(body, lines):
    """The statements of a module or class that define a function starting on ``lines``.

    What is left decides the same scopes: a function's closure depends on the functions
    and classes around it alone, and those are kept whole.
    """
    kept = []
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            kept.append(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if _first_line(node) in lines:
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

    def __init__(self, ids):
        self._ids = ids

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        internal = self._ids.get((node.name, _first_line(node)))
        if internal is None:
            return node
        body = list(node.body)
        head = [body.pop(0)] if ast.get_docstring(node, clean=False) is not None else []
        at = body[0] if body else node
        yields = _YieldHooks(internal)
        body = [yields.visit(statement) for statement in body] or [ast.Pass()]
        guarded = ast.Try(body=body, handlers=[], orelse=[], finalbody=[_call(_LEAVE, internal)])
        node.body = head + [
            ast.copy_location(_call(_ENTER, internal), at), ast.copy_location(guarded, at)
        ]
        return node


class _YieldHooks(ast.NodeTransformer):
    """Makes ``yield x`` into ``resume(yield pause(x))``, in one function's own body."""

    def __init__(self, internal):
        self._internal = internal

    def visit_Yield(self, node):
        self.generic_visit(node)
        value = node.value or ast.copy_location(ast.Constant(value=None, kind=None), node)
        paused = ast.Yield(value=_call(_PAUSE, self._internal, value).value)
        return ast.copy_location(_call(_RESUME, self._internal, paused).value, node)

    def _leave_alone(self, node):
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = _leave_alone
    visit_GeneratorExp = _leave_alone


def _call(placeholder, internal, *arguments):
    name = ast.Constant(value="{} {}".format(placeholder, internal), kind=None)
    return ast.Expr(value=ast.Call(func=name, args=list(arguments), keywords=[]))


def _with_constants(code, constants):
    if hasattr(code, "replace"):
        return code.replace(co_consts=constants)
    return types.CodeType(  # Python 3.7 has no CodeType.replace
        code.co_argcount, code.co_kwonlyargcount, code.co_nlocals, code.co_stacksize,
        code.co_flags, code.co_code, constants, code.co_names, code.co_varnames,
        code.co_filename, code.co_name, code.co_firstlineno, code.co_lnotab,
        code.co_freevars, code.co_cellvars,
    )
