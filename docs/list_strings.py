"""Lists the sentences that a user can come to read, from the source, to be read as a whole.

    python docs/list_strings.py > strings.txt

A line each: where it stands, and its text with ``{}`` for what is put in. Docstrings, comments and what has
no space in it are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the text of each string with a space in it that is no docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in docstrings or id(node) in parts:
                continue
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield node.lineno, text


def main() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        for line, text in sentences(ast.parse(path.read_text(encoding="utf-8"))):
            print(f"{path.relative_to(SOURCE)}:{line}: {' '.join(text.split())}")


if __name__ == "__main__":
    main()
