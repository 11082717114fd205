"""Pastes a recommended change into a program, at the line that makes the calls."""

from __future__ import annotations

import ast

#: Stands in front of the program: what a call at the line is made by.
_MAKES_CALLS = '''
class _Pasted:
    """Makes the calls of one line as the pasted code does; ``statements`` are run once for each model."""

    def __init__(self, entry, once, each, call):
        self.entry, self.once, self.each, self.call, self.known = entry, once, each, call, {}

    def __call__(self, function, *arguments, **options):
        method = getattr(function, "__name__", "") == self.entry
        model = getattr(function, "__self__", None) if method else function
        if not hasattr(model, "predict"):
            return function(*arguments, **options)
        x = arguments[0] if arguments else options["x"]
        names = self.known.get(id(model))
        if names is None:
            names = self.known[id(model)] = {"model": model, "x": x, "callbacks": []}
            exec(self.once, names)
        names["x"] = x
        exec(self.each, names)
        return eval(self.call, names)
'''


class _Replaced(ast.NodeTransformer):
    """Each call on one line goes through ``_pasted``, which knows at run time whether it is the one."""

    def __init__(self, line: int) -> None:
        self._line = line

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not node.lineno <= self._line <= (node.end_lineno or node.lineno):
            return node
        return ast.Call(ast.Name("_pasted", ast.Load()), [node.func, *node.args], node.keywords)


def pasted(program: str, line: int, entry: str, code: str) -> str:
    """The text of ``program`` with ``code`` in place of the call of ``entry`` at ``line``.

    ``code`` is a recipe's as a report prints it: statements, and last ``y = ...``. What of it depends on
    ``x`` is run for each call, the rest once. Raises :class:`ValueError` for other code.
    """
    *statements, last = ast.parse(code).body
    if not isinstance(last, ast.Assign) or ast.unparse(last.targets[0]) != "y":
        raise ValueError(f"expected code that ends in y = ..., found {code}")
    each = [one for one in statements if _names_x(one)]
    once = [one for one in statements if not _names_x(one)]
    tree = _Replaced(line).visit(ast.parse(program))
    maker = ast.parse(
        f"{_MAKES_CALLS}\n_pasted = _Pasted({entry!r}, {_text(once)!r}, {_text(each)!r}, "
        f"{ast.unparse(last.value)!r})"
    ).body
    # A docstring and imports from the future stay first.
    start = sum(isinstance(one, ast.Expr) or _is_future(one) for one in tree.body[:2])
    tree.body[start:start] = maker
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _names_x(statement: ast.stmt) -> bool:
    """Whether a statement reads ``x``; a function that has its own does not."""
    if isinstance(statement, ast.FunctionDef):
        return False
    return any(isinstance(one, ast.Name) and one.id == "x" for one in ast.walk(statement))


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _text(statements: list[ast.stmt]) -> str:
    return "\n".join(ast.unparse(one) for one in statements)
