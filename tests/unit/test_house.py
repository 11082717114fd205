"""House rules that are checked: who imports whom, and what the recorder may use."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "keras_profile"
FILES = sorted(SOURCE.rglob("*.py"))
#: What runs in the profiled interpreter.
RECORDER_FILES = sorted([*(SOURCE / "recorder").rglob("*.py"), *(SOURCE / "recipes").rglob("*.py")])

#: The folders in the order of the data: each may import those before it, and none after it.
ORDER = (
    "recorder",  # and of it the protocol alone
    "errors",
    "number_words",
    "recipes",
    "model",
    "recordings",
    "launch",
    "analysis",
    "output",
    "features",
    "api",
    "cli",
)
#: Folders that do not import each other, whatever their order.
APART = {("analysis", "launch"), ("output", "launch")}
#: The modules at the top that are no part of the order: the ways in.
WAYS_IN = {"__init__", "__main__"}
#: Imported by the recorder only where they are used; h5py comes with TensorFlow.
LAZY = {"tensorflow", "keras", "pyinstrument", "h5py"}
#: When an import is made that is not made at once.
LATER, NEVER = "later", "never"


def name(file):
    return str(file.relative_to(SOURCE))


def imports(file):
    """(module, name or None, when it is imported) of each import, in full.

    When: LATER in a function, NEVER below ``if TYPE_CHECKING``, else at once, which is empty.
    """
    package = ("keras_profile", *file.relative_to(SOURCE).parent.parts)
    found = []

    def walk(node, lazy):
        if isinstance(node, ast.Import):
            found.extend((alias.name, None, lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join(base + ([node.module] if node.module else []))
            found.extend((module, alias.name, lazy) for alias in node.names)
        inner = lazy
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner = lazy or LATER
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            inner = NEVER
        for child in ast.iter_child_nodes(node):
            walk(child, inner)

    walk(ast.parse(file.read_text(encoding="utf-8")), "")
    return found


def own_imports(file):
    """The dotted names below keras_profile that a file imports, and whether in a function."""
    for module, what, lazy in imports(file):
        parts = module.split(".")
        if parts[0] != "keras_profile":
            continue
        inner = parts[1:]
        is_module = what is not None and (
            (SOURCE.joinpath(*inner, what + ".py")).is_file() or SOURCE.joinpath(*inner, what).is_dir()
        )
        if is_module:
            inner = [*inner, what]
        yield ".".join(inner) or "__init__", lazy


def part(file):
    """The part of the house that a file is: a folder, or a module at the top."""
    top = file.relative_to(SOURCE).parts[0]
    return top.removesuffix(".py")


STARTUP = SOURCE / "recorder" / "startup" / "sitecustomize.py"
STARTUP = SOURCE / "recorder" / "startup" / "sitecustomize.py"
MODELS = SOURCE / "features" / "experiments" / "models"
HOUSE = [file for file in FILES if part(file) != "recorder" and MODELS not in file.parents]


@pytest.mark.parametrize("file", HOUSE, ids=name)
def test_what_is_printed_goes_through_the_doors(file):
    """A console that rich makes itself shows names as they are, and so do the streams behind the doors."""
    used = {
        node.func.id
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "Console" not in used
    assert not re.search(r"__std(out|err)__|rich import print", file.read_text(encoding="utf-8"))


def test_the_top_level_is_the_architecture():
    tops = [path for path in SOURCE.iterdir() if path.name not in ("__pycache__", "py.typed")]
    assert {path.stem for path in tops} == {*ORDER, *WAYS_IN}
    assert len([path for path in tops if path.is_file()]) <= 4
    assert len([path for path in tops if path.is_dir()]) <= 10


#: Names that several modules have, for each is a side of one thing.
SIDES = {
    "listing": "the type, what makes it and what prints it",
    # An instrument and what reads its file; a format read and written.
    "cprofile": "a capture and its reader",
    "pyinstrument": "a capture and its reader",
    "spans": "a capture and its reader",
    "xspace": "the format, read and written",
    "program": "the recording of a program and its reader",
    # A type, and what makes it.
    "program_report": "the type and what makes it",
    "reports": "reports of both kinds, made and written",
    "usage": "the type and what gathers it",
    "workload": "the type and what is recorded of it",
    "environment": "the type and what is read of it",
    # Two sides of the protocol, or of an interface.
    "errors": "of the host and of the recorder",
    "options": "of the Python interface and of the command line",
    "watch": "a process that is watched, and what starts that in Python",
    # The same part of two things that are built alike.
    "catalogue": "an explicit list: of rules, recipes, checks",
    "engine": "what asks each rule, or each check",
    "summary": "what a feature prints",
    "to_markdown": "a kind of report",
    "to_notebook": "a kind of report",
    "to_page": "a kind of report",
    "to_screen": "a kind of report",
    "to_terminal": "a kind of report",
}


def test_no_two_modules_of_one_name_are_different_things():
    found = {}
    # A command is named for what it shows.
    commands = SOURCE / "cli" / "commands"
    for file in FILES:
        if not file.stem.startswith("__") and commands not in file.parents:
            found.setdefault(file.stem, []).append(name(file))
    doubles = {stem for stem, files in found.items() if len(files) > 1}
    assert doubles == set(SIDES)


@pytest.mark.parametrize("file", HOUSE, ids=name)
def test_imports_point_down(file):
    mine = part(file)
    if mine in WAYS_IN:
        return
    allowed = {*ORDER[: ORDER.index(mine) + 1]} - {other for one, other in APART if one == mine}
    tops = {imported.split(".")[0] for imported, _ in own_imports(file)}
    # The version is at the top.
    assert tops - allowed - {"__init__"} == set()


@pytest.mark.parametrize("file", HOUSE, ids=name)
def test_of_the_recorder_only_the_protocol_is_imported(file):
    wrong = []
    for imported, lazy in own_imports(file):
        if imported.split(".")[0] != "recorder" or imported.startswith("recorder.protocol"):
            continue
        # A recorder that records this process is a part of what it profiles.
        if part(file) == "launch" and lazy:
            continue
        wrong.append(imported)
    assert wrong == []


@pytest.mark.parametrize("file", HOUSE, ids=name)
def test_analysing_and_reporting_import_no_framework(file):
    tops = {module.split(".")[0] for module, _, _ in imports(file)}
    assert not tops & {"tensorflow", "keras", "tf_keras", "jax", "torch"}


@pytest.mark.parametrize("file", RECORDER_FILES, ids=name)
def test_the_recorder_imports_itself_the_standard_library_and_numpy(file):
    wrong = []
    for module, _, lazy in imports(file):
        top = module.split(".")[0]
        if (
            top in sys.stdlib_module_names
            or top == "numpy"
            or module.startswith(f"keras_profile.{part(file)}")
        ):
            continue
        if top in LAZY and lazy:
            continue
        if file == STARTUP and module == "sitecustomize":  # the one that it stands in front of
            continue
        # They are loaded as files that lie beside the recorder's, so their types alone are known.
        if module.startswith("keras_profile.recipes.") and lazy == NEVER:
            continue
        wrong.append(module)
    assert wrong == []


@pytest.mark.parametrize("file", RECORDER_FILES, ids=name)
def test_the_recorder_imports_itself_relatively(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    absolute = [
        node.lineno
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.ImportFrom)
            and not node.level
            and (node.module or "").startswith("keras_profile")
        )
        or (
            isinstance(node, ast.Import)
            and any(alias.name.startswith("keras_profile") for alias in node.names)
        )
    ]
    assert absolute == []


@pytest.mark.parametrize("file", RECORDER_FILES, ids=name)
def test_the_recorder_is_python_3_7(file):
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 7))
    # Annotations are in newer Python, so they must not be evaluated.
    assert not annotated(tree) or any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body
    )


def annotated(tree):
    return any(
        isinstance(node, ast.AnnAssign)
        or getattr(node, "returns", None) is not None
        or getattr(node, "annotation", None) is not None
        for node in ast.walk(tree)
    )


#: Of the standard library, what came after Python 3.7 and is easily reached for.
NEWER = {
    "functools": {"cache", "cached_property", "singledispatchmethod"},
    "math": {"prod", "dist", "lcm"},
    "itertools": {"pairwise", "batched"},
    "types": {"EllipsisType", "UnionType", "NoneType"},
    "typing": {"Protocol", "Literal", "Final", "TypedDict"},
    "importlib": {"metadata", "resources"},
    "shlex": {"join"},
    "statistics": {"fmean", "quantiles", "geometric_mean", "NormalDist"},
}
NEWER_METHODS = {"removeprefix", "removesuffix", "bit_count", "unparse"}


@pytest.mark.parametrize("file", RECORDER_FILES, ids=name)
def test_the_recorder_uses_nothing_newer_of_the_standard_library(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    used = {f"{module}.{what}" for module, what, _ in imports(file) if what in NEWER.get(module, ())}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            base = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in NEWER_METHODS or node.attr in NEWER.get(base, ()):
                used.add(f"{base}.{node.attr}")
    assert used == set()


#: Private names that are used outside of frameworks/: whose they are, and why.
OTHERS_PRIVATE = {
    "_getframe": "sys: a stack is what is recorded",
    "_current_frames": "sys: the stacks of the other threads",
    "_exit": "os: ends a process that must run nothing more",
    "_profile_hook": "threading: what new threads are profiled by; public from Python 3.10 on",
    "_trace_hook": "threading: what new threads are traced by; public from Python 3.10 on",
    "_handle": "ctypes.PyDLL: the interpreter itself, on every system",
    "_initializing": "a module's spec: whether the module is still being imported",
    "_fields": "collections.namedtuple: documented, and private by its look alone",
}
#: Modules of frameworks that are no public interface.
INTERNAL_MODULES = re.compile(r"\b(tensorflow\.python|tensorflow_core|(tf_)?keras\.src)\b|^K\.")
PRIVATE = re.compile(r"_[a-z]\w*")


def private_names(tree):
    """(line, name) of the private attributes of others and of the internal modules that are named.

    An attribute is another's where no class in the file has it as its own.
    """
    own = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("self", "cls")
        and isinstance(node.ctx, ast.Store)
    }
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and PRIVATE.fullmatch(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")) and (
                node.attr not in own
            ):
                yield node.lineno, node.attr
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and (PRIVATE.fullmatch(node.value) or INTERNAL_MODULES.search(node.value))
        ):
            yield node.lineno, node.value
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            for module in filter(INTERNAL_MODULES.search, modules):
                yield node.lineno, module


#: What knows of releases: what only the recorder needs, and names that its readers need, too.
KNOWS_RELEASES = (SOURCE / "recorder" / "frameworks", SOURCE / "recorder" / "protocol" / "frameworks.py")
KNOWS_NONE = [file for file in RECORDER_FILES if not {file, *file.parents} & set(KNOWS_RELEASES)]


@pytest.mark.parametrize("file", KNOWS_NONE, ids=name)
def test_what_frameworks_keep_to_themselves_is_used_in_frameworks_alone(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert [found for found in private_names(tree) if found[1] not in OTHERS_PRIVATE] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("model._is_compiled", ["_is_compiled"]),
        ("getattr(model, '_is_compiled', None)", ["_is_compiled"]),
        ("first(model, 'jit_compile', '_jit_compile')", ["_jit_compile"]),
        ("sys.modules.get('tensorflow.python.eager.context')", ["tensorflow.python.eager.context"]),
        ("from x import y\nTABLE = (('K.engine.training', 'Model'),)", ["K.engine.training"]),
        ("import_module('keras.src.backend')", ["keras.src.backend"]),
        ("from tensorflow.python.eager import context", ["tensorflow.python.eager"]),
        ("import keras.src.backend", ["keras.src.backend"]),
        ("'tf_keras.src'", []),  # a docstring
        ("class A:\n def f(self, other):\n  self._x = other._x", []),
        ("self._x + cls._y + model.__class__", []),
    ],
)
def test_private_names_are_found(code, found):
    assert [name for _, name in private_names(ast.parse(code))] == found


@pytest.mark.parametrize("attribute", sorted(OTHERS_PRIVATE))
def test_the_exceptions_are_needed(attribute):
    assert any(
        attribute == found
        for file in KNOWS_NONE
        for _, found in private_names(ast.parse(file.read_text(encoding="utf-8")))
    )


def test_importing_the_analysis_loads_no_framework_and_no_recorder_but_its_protocol():
    code = (
        "import sys, keras_profile.output.reports, keras_profile.api.profile, keras_profile.cli\n"
        "names = [n for n in sys.modules if n.split('.')[0] in ('tensorflow', 'keras', 'pyinstrument')]\n"
        "names += [n for n in sys.modules if n.startswith('keras_profile.recorder.')\n"
        "          and not n.startswith('keras_profile.recorder.protocol')]\n"
        "print(sorted(names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_the_commands_module_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from keras_profile.cli.parser import make_parser\n"
        "make_parser().format_help()\n"
        "print([n for n in ('numpy', 'rich', 'msgspec', 'tensorflow') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


#: What opens something else: descriptors, bytes, members of archives, pages.
OTHER_OPENS = {
    "archive.open",
    "client.open",
    "file.open",
    "gzip.open",
    "os.open",
    "tokenize.open",
    "webbrowser.open",
}
#: Which argument of a function that opens text files is its mode; None where it has none.
OPENS_TEXT = {"open": 1, "fdopen": 1, "read_text": None, "write_text": None}


def without_encoding(tree):
    """The lines of calls that open a text file in the encoding of the system, which may be a code page."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in OPENS_TEXT or ast.unparse(node.func) in OTHER_OPENS:
            continue
        mode = next((word.value for word in node.keywords if word.arg == "mode"), None)
        place = OPENS_TEXT[name]
        if place is not None and mode is None:
            place -= isinstance(node.func, ast.Attribute) and name == "open"  # Path.open
            mode = node.args[place] if len(node.args) > place else None
        is_binary = isinstance(mode, ast.Constant) and "b" in str(mode.value)
        if not is_binary and not any(word.arg == "encoding" for word in node.keywords):
            yield node.lineno


@pytest.mark.parametrize("file", FILES, ids=name)
def test_text_files_have_the_same_encoding_everywhere(file):
    assert list(without_encoding(ast.parse(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("open(path)", [1]),
        ("open(path, 'w')", [1]),
        ("path.open()", [1]),
        ("path.open('a')", [1]),
        ("path.read_text()\npath.write_text(text)", [1, 2]),
        ("os.fdopen(handle, mode='w')", [1]),
        ("open(path, 'rb'); path.open('xb'); os.fdopen(handle, 'wb'); open(path, mode='ab')", []),
        ("open(path, encoding='utf-8'); path.read_text('x', encoding='utf-8'); os.open(path, 0)", []),
    ],
)
def test_text_files_without_an_encoding_are_found(code, found):
    assert list(without_encoding(ast.parse(code))) == found
