"""Notebooks, run by a kernel without a screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import requirements


def run_cells(text: str, folder: Path) -> Any:
    """The notebook of these cells, which stand apart by ``---``, after a run; the last one may raise."""
    for package in ("nbformat", "nbclient", "ipykernel"):
        requirements.package(package)
    import nbclient
    import nbformat

    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in text.split("---")]
    made.cells[-1].metadata["tags"] = ["raises-exception"]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbclient.NotebookClient(
        made, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    nbformat.write(made, folder / "notebook.ipynb")
    return made


def shown(cell: Any, kind: str) -> str:
    """What a cell shows of a kind, all its outputs together."""
    return "".join(output.get("data", {}).get(kind, "") for output in cell.outputs)
