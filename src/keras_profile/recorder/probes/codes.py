"""Matches code objects with the syntax trees that they are compiled from."""

from __future__ import annotations

import ast
import inspect
import types
import warnings
from typing import Any, Iterator, Mapping, Tuple, Union

#: Name and first line of a function, by which its node and its code object are matched.
Position = Tuple[str, int]
Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
#: Nodes within a function that have their own names or returns.
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)


def position(code: types.CodeType) -> Position:
    return code.co_name, code.co_firstlineno


def first_line(node: ast.stmt) -> int:
    """Returns a statement's first line, decorators included, as a function's code object has it."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno] + [decorator.lineno for decorator in decorators])


def codes_of(tree: ast.Module, file: str) -> dict[Position, types.CodeType]:
    """Returns the code objects of a module with placeholders in it."""
    ast.fix_missing_locations(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a placeholder is a string that is called
        module = compile(tree, file, "exec", dont_inherit=True)
    return {position(code): code for code in all_codes(module)}


def is_generator(code: types.CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_GENERATOR)


def all_codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yields ``code`` and the code objects of the functions defined in it, at any depth."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            for inner in all_codes(constant):
                yield inner


def closures_match(outer: types.CodeType, compiled: Mapping[Position, types.CodeType]) -> bool:
    return all(
        position(code) in compiled and compiled[position(code)].co_freevars == code.co_freevars
        for code in all_codes(outer)
    )


def names_match(outer: types.CodeType, compiled: Mapping[Position, types.CodeType]) -> bool:
    """Whether the same names are used: in the wrong class ``__private`` ones would differ.

    Two generator expressions in one place are confused with each other, and may differ here.
    """
    return all(set(compiled[position(code)].co_names) == set(code.co_names) for code in all_codes(outer))


def constant(value: Any) -> ast.Constant:
    return ast.Constant(value=value, kind=None)


def with_constants(code: Any, constants: tuple[Any, ...]) -> types.CodeType:
    if hasattr(code, "replace"):
        replaced: types.CodeType = code.replace(co_consts=constants)
        return replaced
    make: Any = types.CodeType  # Python 3.7 has no CodeType.replace, and its arguments are different
    made: types.CodeType = make(
        code.co_argcount,
        code.co_kwonlyargcount,
        code.co_nlocals,
        code.co_stacksize,
        code.co_flags,
        code.co_code,
        constants,
        code.co_names,
        code.co_varnames,
        code.co_filename,
        code.co_name,
        code.co_firstlineno,
        code.co_lnotab,
        code.co_freevars,
        code.co_cellvars,
    )
    return made
