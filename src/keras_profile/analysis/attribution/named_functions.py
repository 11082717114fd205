"""The internals that a profile's functions are, by file and name alone: no framework is imported or asked.

A profiler of another program knows a function's file and its name, often without its class. The end of the
path is that of a module of the table: ``…/keras/src/backend/tensorflow/trainer.py`` is
``K.backend.tensorflow.trainer`` below the root ``keras.src``. If several rows of a module have the name,
those of the generation count that has most in common with all that the profile names. If these differ in
their phase, or other functions of the module have the name too, the function has no phase of its own and is
part of whoever called it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ...model.call_graph import Function
from ...recorder.protocol.frameworks import KERAS_ROOTS
from .internals import Internal, internals_table
from .vocabulary import NO_PHASE

#: Where packages lie, and what stands above a module of the standard library.
_ABOVE_PACKAGES = re.compile(r"(?:site|dist)-packages|python3\.\d+|Lib", re.IGNORECASE)
#: The first parts of the paths of the frameworks' files, below which nothing is the user's.
_FRAMEWORKS = (
    ("keras", "src"),
    ("keras", "engine"),
    ("tf_keras", "src"),
    ("tensorflow", "python"),
    ("tensorflow", "core"),
    ("tensorflow_core", "python"),
)
#: Packages of a path below ``site-packages`` that are a framework.
_PACKAGES = ("keras", "tf_keras", "tensorflow", "tensorflow_core", "jax", "jaxlib")
_TENSORFLOW = "tensorflow."
#: More parts than the path of any module of the table has.
_MOST_PARTS = 10
#: What every class has: in a module that has many, the bare name says nothing.
_INIT = "__init__"
#: What profilers give as the file of a function that is not Python, and of a thread.
NO_FILES = ("", "~", "<built-in>", "<thread>")
#: The generation of rows of the standard library.
_ANY = "python"


@dataclass(frozen=True)
class NamedFunction:
    """What a function of a profile is: its row of the table, if it has one, and whose code it is.

    ``module`` is the module of the table that its file is, empty if it is none, and ``root`` the Keras root
    by which that was found, empty if none was needed. ``name`` is without its class.
    """

    name: str
    row: Internal | None = None
    module: str = ""
    root: str = ""
    is_framework: bool = False
    is_library: bool = False

    is_code: bool = True

    @property
    def is_users(self) -> bool:
        """Whether it is Python code of no library."""
        return self.is_code and not self.is_library

    @property
    def is_calling(self) -> bool:
        """Whether it is Python code that calls a framework from outside."""
        return self.is_code and not self.is_framework

    @property
    def phase(self) -> str | None:
        return None if self.row is None else self.row.phase

    @property
    def is_wrapper(self) -> bool:
        return self.row is not None and self.row.phase in NO_PHASE


@dataclass(frozen=True)
class NamedFunctions:
    """What each function of a profile is; ``root`` and ``generation`` are those that most of them have.

    Both are empty if no function is one of Keras'.
    """

    functions: list[NamedFunction]
    root: str
    generation: str


def name_functions(functions: Sequence[Function], by_first_line: bool) -> NamedFunctions:
    """Finds the rows of the table that ``functions`` are.

    ``by_first_line`` says whether their lines are those that the functions begin in.
    """
    alike = Counter((one.file, one.name) for one in functions) if by_first_line else Counter()
    places = {file: _place(file) for file in {one.file for one in functions}}
    candidates = [_candidates(places[one.file][:2], one.name) for one in functions]
    generation = _nearest_generation(row for rows in candidates for row in rows)
    roots: Counter[str] = Counter()
    found = []
    for function, rows in zip(functions, candidates):
        row = None if _is_other(function, rows, alike) else _choice(rows, generation)
        is_code = function.file not in NO_FILES
        one = NamedFunction(function.name.rpartition(".")[2], row, *places[function.file], is_code)
        if row is not None and one.root:
            roots[one.root] += 1
        found.append(one)
    root = roots.most_common(1)[0][0] if roots else ""
    return NamedFunctions(found, root, generation if roots else "")


def module_of_row(row: Internal, root: str) -> str:
    """The module of a row below a Keras root."""
    return _below(root, row.module)


def _below(root: str, module: str) -> str:
    """The name of a module of the table below a Keras root.

    >>> _below("keras.src", "K.callbacks"), _below("keras.src", "weakref")
    ('keras.src.callbacks', 'weakref')
    """
    return root + module[1:] if module.startswith("K.") else module


_Place = tuple[str, str, bool, bool]


def _place(file: str) -> _Place:
    """The table's module and the Keras root that a file is, and whether it is of a framework or a library.

    >>> _place("/x/site-packages/keras/src/trainers/epoch_iterator.py")
    ('K.trainers.epoch_iterator', 'keras.src', True, True)
    >>> _place("keras/src/layers/core/dense.py"), _place("/home/me/contextlib.py")
    (('', '', True, True), ('', '', False, False))
    """
    parts = re.split(r"[\\/]+", file)
    if parts[-1].startswith("<frozen "):
        module = parts[-1][len("<frozen ") :].rstrip(">")
        parts = [*module.split(".")[:-1], module.rpartition(".")[2] + ".py"]
    above = max((at for at, part in enumerate(parts[:-1]) if _ABOVE_PACKAGES.fullmatch(part)), default=-1)
    of_package = above >= 0 and parts[above + 1] in _PACKAGES
    is_framework = of_package or any(
        tuple(parts[at : at + 2]) in _FRAMEWORKS for at in range(above + 1, len(parts) - 1)
    )
    bare = len(parts) == 1 and parts[0].removesuffix(".py") in sys.stdlib_module_names
    is_library = is_framework or above >= 0 or file.startswith("<frozen ") or bare
    modules = _modules_of_paths()
    for at in range(max(len(parts) - _MOST_PARTS, 0), len(parts)):
        ending = "/".join(parts[at:])
        if ending in modules and (is_framework or at in (0, above + 1)):
            module, root = modules[ending]
            is_framework = is_framework or bool(root) or module.startswith(_TENSORFLOW)
            return module, root, is_framework, is_library or is_framework
    return "", "", is_framework, is_library


@cache
def _modules_of_paths() -> dict[str, tuple[str, str]]:
    """The table's modules and the Keras roots, by the ends of the paths of their files."""
    found: dict[str, tuple[str, str]] = {}
    for module in {row.module for row in internals_table()}:
        for root in KERAS_ROOTS if module.startswith("K.") else ("",):
            path = _below(root, module).replace(".", "/")
            # TensorFlow 2.0 and 2.1 lie in tensorflow_core.
            for start in {path, re.sub("^tensorflow/", "tensorflow_core/", path)}:
                for ending in (".py", "/__init__.py"):
                    found[start + ending] = module, root
    return found


@cache
def _rows_of_names() -> dict[tuple[str, str], tuple[Internal, ...]]:
    """The rows by module and bare name, and by module and qualified name."""
    found: defaultdict[tuple[str, str], list[Internal]] = defaultdict(list)
    for row in internals_table():
        for name in {row.qualname, row.qualname.rpartition(".")[2]}:
            found[row.module, name].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _candidates(place: tuple[str, str], name: str) -> tuple[Internal, ...]:
    """The rows that a function may be: by its qualified name if a row has that, or else by its bare one."""
    module, _ = place
    rows = _rows_of_names()
    return rows.get((module, name)) or rows.get((module, name.rpartition(".")[2]), ())


def _nearest_generation(rows: Iterable[Internal]) -> str:
    """The generation that has most of ``rows`` in common with what was seen running in it."""
    seen = set(rows)
    generations = sorted({name for row in seen for name in row.defined_in} - {_ANY})

    def in_common(generation: str) -> float:
        there = {row for row in internals_table() if generation in row.seen_running_in}
        return len(seen & there) / len(seen | there)

    return max(generations, key=in_common, default="")


def _is_other(function: Function, rows: Sequence[Internal], alike: Mapping[tuple[str, str], int]) -> bool:
    """Whether a function may be one that the table does not have, of the same name as its rows.

    ``alike`` says how many functions of a file have a name. If they are more than the rows, no one knows
    which are the rows. A constructor that has a class, but not that of a row, is another one.
    """
    if alike.get((function.file, function.name), 0) > len(rows):
        return True
    owner, _, name = function.name.rpartition(".")
    return bool(owner) and name == _INIT and all(row.qualname != function.name for row in rows)


def _choice(rows: Sequence[Internal], generation: str) -> Internal | None:
    """The row that a function is; None if its phase depends on which of several it is.

    If it does not, the row has the bare name.
    """
    here = [row for row in rows if generation in row.defined_in] or list(rows)
    if len({row.phase for row in here}) != 1:
        return None
    return here[0] if len(here) == 1 else replace(here[0], qualname=here[0].qualname.rpartition(".")[2])
