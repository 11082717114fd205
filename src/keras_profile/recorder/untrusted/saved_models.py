"""Searches the graphs of a SavedModel for ops that use files, processes, the network or Python."""

from __future__ import annotations

import os
import stat
from typing import Any, Iterable, Iterator

from ..frameworks.tensorflow import file_operations
from .bounds import EXPANSION, Whose, as_size, kind_of_file, parse_json, reading, regular_size
from .configurations import risks as configuration_risks

_MODEL, _METADATA = "saved_model.pb", "keras_metadata.pb"
_WEIGHTS = ("variables", "variables.index")
_WHOLE = "give the whole folder that model.export() or tf.saved_model.save() wrote"
#: The maximum size of a protocol buffer.
_LONGEST = (1 << 31) - 1
_MOST_FILES = 100000
#: A constant that is larger than this in memory, and far larger than its stored data, is meant to fill it.
_LARGE_CONSTANT = 4 << 30
#: The dtypes of tensors for which a single value may represent all, and their sizes.
_SIZES = {1: 4, 2: 8, 3: 4, 4: 1, 5: 2, 6: 1, 9: 8, 14: 2, 17: 2, 19: 2, 22: 4, 23: 8}
#: The main graph of a meta graph; the functions have names.
_MAIN = ""
_SAVERS = file_operations.OF_SAVERS
_CALLS = ("PartitionedCall", "StatefulPartitionedCall")
#: Ops that return their first input.
_SAME = ("Identity", "PlaceholderWithDefault", "StopGradient")


class SavedModelFile:
    """The parsed saved_model.pb of a folder, which is checked to be complete.

    Raises :class:`RecorderError` if it is not, or if anything in the folder is not a file.
    """

    def __init__(self, folder: str) -> None:
        whose = Whose(folder, "target", "not_a_model")
        self._whose = whose
        self._folder = folder
        _check_folder(whose)
        content = self._read(_MODEL)
        with reading(whose, "a SavedModel"):
            self._parsed = file_operations.parse_saved_model(content)
        if not self._parsed.meta_graphs:
            raise whose.wrong("has a saved_model.pb that holds no graph")
        with reading(whose, "a SavedModel whose graphs are whole"):
            self._graphs = [_MetaGraph(graph) for graph in self._parsed.meta_graphs]
            for graph in self._graphs:
                graph.check_constants(whose)
        with_weights = any(
            node.WhichOneof("kind") == "variable"
            for graph in self._parsed.meta_graphs
            for node in graph.object_graph_def.nodes
        )
        if with_weights and not os.path.exists(os.path.join(folder, *_WEIGHTS)):
            raise whose.wrong("has no {}: its weights are missing".format("/".join(_WEIGHTS)), _WHOLE)

    def risks(self) -> Iterator[str]:
        """Yields what its graphs do that needs trust, each in words with its op and function."""
        with reading(self._whose, "a SavedModel whose graphs are whole"):
            for graph in self._graphs:
                yield from graph.risks()

    def keras_risks(self) -> Iterator[str]:
        """Yields the same for the layers that Keras 2 makes again from their configurations."""
        with reading(self._whose, "a SavedModel that Keras wrote"):
            texts = [
                node.user_object.metadata
                for graph in self._parsed.meta_graphs
                for node in graph.object_graph_def.nodes
                if node.WhichOneof("kind") == "user_object" and file_operations.is_keras_object(node)
            ]
            if os.path.exists(os.path.join(self._folder, _METADATA)):
                texts += file_operations.keras_metadata(self._read(_METADATA))
            for text in texts:
                if text:
                    yield from configuration_risks(_inner(parse_json(self._whose, text)))

    def _read(self, name: str) -> bytes:
        path = os.path.join(self._folder, name)
        size = regular_size(Whose(path, "target", "not_a_model"))
        if not 0 < size <= _LONGEST:
            raise self._whose.wrong("has a {} of {}".format(name, as_size(size)))
        with reading(self._whose, "a SavedModel"), open(path, "rb") as file:
            return file.read(size)


def _inner(metadata: Any) -> Any:
    """Returns what Keras makes an object from: class and configuration, but not the class's module."""
    if not isinstance(metadata, dict):
        return metadata
    return {key: metadata[key] for key in metadata if key != "module"}


def _check_folder(whose: Whose) -> None:
    seen = 0
    for folder, _, names in os.walk(whose.path):
        for name in names:
            seen += 1
            if seen > _MOST_FILES:
                raise whose.wrong("holds over {} files".format(_MOST_FILES), "give the folder of one model")
            path = os.path.join(folder, name)
            try:
                mode = os.stat(path).st_mode
            except OSError as error:
                raise whose.wrong(
                    "holds {}, which cannot be read: {}".format(path, error.strerror)
                ) from error
            if not stat.S_ISREG(mode):
                raise whose.wrong(
                    "holds {}, which is {}; expected only files".format(path, kind_of_file(mode)),
                    _WHOLE,
                )


class _MetaGraph:
    """The main graph and the functions of one meta graph."""

    def __init__(self, meta: Any) -> None:
        self._meta = meta
        functions = meta.graph_def.library.function
        self._functions = _by_name((function.signature.name, function) for function in functions)
        self._nodes = {_MAIN: _by_name((node.name, node) for node in meta.graph_def.node)}
        for name, function in self._functions.items():
            self._nodes[name] = _by_name((node.name, node) for node in function.node_def)
        self._asset_files = file_operations.asset_files(meta)
        self._assets = {asset.tensor_info.name.partition(":")[0] for asset in self._asset_files}
        self._callers: dict[str, list[tuple[str, Any]]] = {}
        for scope, nodes in self._nodes.items():
            for node in nodes.values():
                for called in self._called(node):
                    self._callers.setdefault(called, []).append((scope, node))

    def check_constants(self, whose: Whose) -> None:
        """Raises if a constant claims to be far larger than its stored data."""
        for scope, nodes in self._nodes.items():
            for node in nodes.values():
                if node.op != "Const":
                    continue
                tensor = node.attr["value"].tensor
                size = _SIZES.get(tensor.dtype, 1)
                for dimension in tensor.tensor_shape.dim:
                    size *= max(dimension.size, 0)
                if size > _LARGE_CONSTANT and size > EXPANSION * tensor.ByteSize():
                    raise whose.wrong(
                        "claims a constant {} of {}, but holds only {}".format(
                            _place(node, scope), as_size(size), as_size(tensor.ByteSize())
                        )
                    )

    def risks(self) -> Iterator[str]:
        for asset in self._asset_files:
            parts = asset.filename.replace("\\", "/").split("/")
            if os.path.isabs(asset.filename) or ".." in parts or asset.filename[1:2] == ":":
                yield "a table from the file {!r}, outside of the model's folder".format(asset.filename[:200])
        savers = {"save": self._saver("save"), "restore": self._saver("restore")}
        others = self._others(savers["save"] | savers["restore"])
        for scope, nodes in self._nodes.items():
            for node in nodes.values():
                reason = self._why_unsafe(scope, node)
                if reason is None:
                    continue
                key = (scope, node.name if scope == _MAIN else "")
                if key in others or not _of_saver(node.op, key, savers):
                    yield "the op {} ({}), which {}".format(node.op, _place(node, scope), reason)

    def _why_unsafe(self, scope: str, node: Any) -> str | None:
        if node.op in self._functions:
            return None
        reason = file_operations.why_unsafe(node.op) or file_operations.of_attributes(node.op, node.attr)
        if reason is not None:
            return reason
        if node.op in file_operations.TABLES_FROM_FILES:
            number = file_operations.TABLES_FROM_FILES[node.op]
            for source in self._sources(scope, node.input[number], set()):
                if source is not None:
                    return "reads a file that did not come with the model ({})".format(source)
        elif node.op in file_operations.CACHES:
            number = file_operations.CACHES[node.op]
            for source in self._sources(scope, node.input[number], set()):
                if source != "''":
                    return "writes a file ({})".format(source or "of the model")
        elif not file_operations.is_known(node.op):
            return "is not one of this TensorFlow's own"
        return None

    # --- what calls what ----------------------------------------------------------------------

    def _called(self, node: Any) -> set[str]:
        """Returns the functions that a node calls."""
        called = {node.op} if node.op in self._functions else set()
        for value in node.attr.values():
            called.update(function.name for function in [value.func, *value.list.func] if function.name)
        return called & set(self._functions)

    def _saver(self, kind: str) -> set[tuple[str, str]]:
        """Returns the nodes of the main graph, and the functions, that save or restore the checkpoint."""
        saver = self._meta.saver_def
        name = saver.save_tensor_name if kind == "save" else saver.restore_op_name
        return self._reached([(_MAIN, _node_of(name))]) if name else set()

    def _others(self, savers: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Returns the functions, and nodes of the main graph, that also run for other reasons."""
        objects = self._meta.object_graph_def
        functions = set(objects.concrete_functions)
        for thing in objects.nodes:
            functions.update(thing.function.concrete_functions)
            functions.add(thing.bare_concrete_function.concrete_function_name)
        functions.update(name for name in self._functions if name not in self._callers)
        for name, node in self._nodes[_MAIN].items():
            if (_MAIN, name) not in savers:
                functions |= self._called(node)
        roots = [(name, "") for name in functions]
        for signature in self._meta.signature_def.values():
            tensors = [*signature.outputs.values(), *signature.inputs.values()]
            roots += [(_MAIN, _node_of(tensor.name)) for tensor in tensors]
        for collection in self._meta.collection_def.values():
            roots += [(_MAIN, _node_of(name)) for name in collection.node_list.value]
        return self._reached(roots)

    def _reached(self, roots: list[tuple[str, str]]) -> set[tuple[str, str]]:
        """Returns what runs with the roots: single nodes of the main graph, and whole functions."""
        reached: set[tuple[str, str]] = set()
        left = list(roots)
        while left:
            scope, name = left.pop()
            if (scope, name) in reached:
                continue
            reached.add((scope, name))
            if scope != _MAIN:
                nodes = list(self._nodes.get(scope, {}).values())
            else:
                node = self._nodes[_MAIN].get(name)
                nodes = [] if node is None else [node]
                left.extend((_MAIN, _node_of(given)) for found in nodes for given in found.input)
            left.extend((called, "") for found in nodes for called in self._called(found))
        return reached

    # --- where a path comes from --------------------------------------------------------------

    def _sources(self, scope: str, given: str, seen: set[tuple[str, str]]) -> Iterator[str | None]:
        """Yields where a text comes from: None for a file that came with the model, else a description."""
        name = _node_of(given)
        if (scope, name) in seen:
            return
        seen.add((scope, name))
        if scope == _MAIN and name in self._assets:
            yield None
            return
        node = self._nodes[scope].get(name)
        if node is None:
            yield from self._argument_sources(scope, name, seen)
        elif node.op == "Const":
            for text in node.attr["value"].tensor.string_val[:1] or [b"?"]:
                yield repr(text.decode("utf-8", "replace")[:200])
        elif node.op in _SAME:
            yield from self._sources(scope, node.input[0], seen)
        elif node.op == "ReadVariableOp":
            held = _node_of(node.input[0])
            written = [
                other
                for other in self._nodes[scope].values()
                if other.op == "AssignVariableOp" and _node_of(other.input[0]) == held
            ]
            if not written:
                yield "a variable"
            for other in written:
                yield from self._sources(scope, other.input[1], seen)
        else:
            yield "what {} gives".format(node.op)

    def _argument_sources(self, scope: str, name: str, seen: set[tuple[str, str]]) -> Iterator[str | None]:
        function = self._functions.get(scope)
        names = [] if function is None else [argument.name for argument in function.signature.input_arg]
        if name not in names:
            yield "nothing in the graph"
            return
        number = names.index(name)
        objects = self._meta.object_graph_def
        if scope in objects.concrete_functions:
            bound = objects.concrete_functions[scope].bound_inputs
            # The inputs that a function was made with come after those that it is called with.
            own = len(names) - len(bound)
            kind = objects.nodes[bound[number - own]].WhichOneof("kind") if number >= own else None
            yield None if kind == "asset" else "what it is called with"
        for caller, node in self._callers.get(scope, []):
            if node.op in _CALLS or node.op == scope:
                yield from self._sources(caller, node.input[number], seen)
            else:
                yield "what {} gives".format(node.op)


def _of_saver(operation: str, key: tuple[str, str], savers: dict[str, set[tuple[str, str]]]) -> bool:
    """Whether an op saves or restores the checkpoint, and is in the right place for that."""
    if key[0] != _MAIN:
        return any(key in savers[kind] and operation in names for kind, names in _SAVERS.items())
    # Graphs of TensorFlow 1 also contain the ops that their program saved with, which nothing runs. Ops that
    # restore run whenever the graph is loaded.
    return operation in _SAVERS["restore"] or (operation in _SAVERS["save"] and key not in savers["restore"])


def _by_name(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, thing in named:
        if name in found:
            raise ValueError("two of the name {!r}".format(name[:200]))
        found[name] = thing
    return found


def _node_of(tensor: str) -> str:
    return tensor.lstrip("^").partition(":")[0]


def _place(node: Any, scope: str) -> str:
    return "{} in {}".format(node.name, "the function " + scope if scope else "the main graph")
