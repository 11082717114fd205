"""The inputs of the measured calls: made from the model's specification, or from the user."""

from __future__ import annotations

import os
import types
from typing import Any, Callable, Iterable, List, Optional, Tuple

import numpy as np

from .. import frameworks, user_code
from ..facts.padding import padding_of
from ..frameworks import keras, tensorflow
from ..frameworks.tensorflow.datasets import is_dataset
from ..protocol import RecorderError
from ..protocol.frameworks import KERAS_BATCH_SIZE
from ..structures import leaves, map_leaves
from ..system import available_bytes
from ..untrusted import array_files
from ..untrusted.bounds import Whose

#: Sizes, with None for an open one; and an input's specification: its shape, dtype and name.
Shape = List[Optional[int]]
Specified = Tuple[Shape, str, str]

#: The size of an open dimension other than the batch.
OPEN_DIMENSION = 64
_WORDS = ("one", "two", "three", "alpha", "beta", "gamma", "tensor", "model")
_WHAT = "--input"
_PLAIN_ARRAYS = "save arrays of numbers, booleans or text with numpy.save or numpy.savez"


class Inputs:
    """The inputs of successive calls.

    ``kind`` is array, tensor, dataset, generator or pydataset. ``announcements`` says
    in plain words what was chosen for the user.
    """

    def __init__(
        self,
        value: Any,
        announcements: Iterable[str] = (),
        remake: Callable[[], Any] | None = None,
        varies: bool = False,
    ) -> None:
        self._value = value
        self._remake = remake
        self._varies = varies
        self.announcements = list(announcements)
        self.kind = kind_of(value)
        if self.kind == "generator" and remake is None:
            raise RecorderError(
                "exhausted_input",
                "the input is a generator, which can be read only once, but many calls are measured",
                "give a function that returns a new generator: --input path.py:callable, or "
                "profile(model, make_generator)",
            )

    def fresh(self) -> Any:
        """Returns the input for the next call: a new one each time for generators, and if it varies."""
        if self._remake is not None and (self._varies or self.kind == "generator"):
            value, self._value = self._value, None
            return value if value is not None else self._remake()
        return self._value

    @property
    def value(self) -> Any:
        """Returns the input as a call gets it. A generator may already have been used."""
        return self._value

    def first_batch(self) -> Any:
        """Returns only the first batch, for entry points that take one batch."""
        value = self.fresh()
        if self.kind in ("array", "tensor"):
            return value
        batch = value[0] if self.kind == "pydataset" else next(iter(value))
        return batch[0] if isinstance(batch, tuple) else batch

    def replace(self, value: Any) -> None:
        """Replaces the inputs by the same ones in another form."""
        self._value = value
        self.kind = kind_of(value)

    def describe(self) -> list[dict[str, Any]]:
        """Returns one row for each input: shape, dtype and kind, as far as they are known."""
        if self.kind in ("array", "tensor"):
            return [_described(leaf) for leaf in leaves(self._value)]
        specification = getattr(self._value, "element_spec", None)
        if specification is None:
            return [{"shape": None, "dtype": None, "kind": self.kind}]
        if isinstance(specification, tuple) and specification:
            specification = specification[0]
        return [
            {"shape": _dimensions(leaf.shape), "dtype": leaf.dtype.name, "kind": self.kind}
            for leaf in leaves(specification)
        ]


def _described(leaf: Any) -> dict[str, Any]:
    padding = padding_of(leaf)
    return {
        "shape": [int(size) for size in np.shape(leaf)],
        "dtype": _dtype_name(leaf),
        "kind": kind_of(leaf),
        **({} if padding is None else {"padding": padding}),
    }


def shapes_of(value: Any) -> list[list[int]]:
    """Returns the shapes of the arrays or tensors in ``value``, none for inputs that consist of batches."""
    if kind_of(value) not in ("array", "tensor"):
        return []
    return [[int(size) for size in np.shape(leaf)] for leaf in leaves(value)]


def kind_of(value: Any) -> str:
    """Returns array, tensor, dataset, generator or pydataset."""
    if is_dataset(value):
        return "dataset"
    if keras.is_pydataset(value):
        return "pydataset"
    if isinstance(value, types.GeneratorType) or (hasattr(value, "__next__") and hasattr(value, "__iter__")):
        return "generator"
    first = leaves(value)[0] if leaves(value) else value
    return "tensor" if frameworks.is_tensor(first) else "array"


def load(reference: str, rows: int | None, varies: bool = False) -> Inputs:
    """Loads the user's inputs: a ``.npy`` or ``.npz`` file, or ``path.py:callable``.

    The callable is called again for each call if the input ``varies``.
    """
    if reference.endswith((".npy", ".npz")) and os.path.lexists(reference):
        return Inputs(_first_rows(_load_arrays(reference), rows))
    if user_code.is_reference(reference):
        function = user_code.load_callable(reference, _WHAT)

        def make() -> Any:
            return user_code.call(function, reference, "the input function")

        return Inputs(_first_rows(make(), rows), remake=lambda: _first_rows(make(), rows), varies=varies)
    if os.path.exists(reference):
        raise RecorderError(
            "bad_input",
            "--input: expected a .npy or .npz file, found {}".format(reference),
            "save arrays with numpy.save or numpy.savez, or give path.py:callable",
        )
    raise RecorderError(
        "no_such_file",
        "--input: no such file: {}".format(reference),
        "the working folder is {}".format(os.getcwd()),
    )


def given(value: Any, rows: int | None) -> Inputs:
    """Returns inputs that were given as objects: by a factory, or by the Python function."""
    if isinstance(value, types.FunctionType):
        return Inputs(value(), remake=value)
    return Inputs(_first_rows(value, rows))


def _load_arrays(path: str) -> Any:
    arrays = array_files.load(Whose(path, _WHAT, "bad_input", _PLAIN_ARRAYS))
    names = list(arrays)
    if names == [array_files.ONLY]:
        return arrays[array_files.ONLY]
    if names == ["arr_{}".format(number) for number in range(len(names))]:
        ordered = [arrays[name] for name in names]
        return ordered[0] if len(ordered) == 1 else ordered
    return arrays


def _first_rows(value: Any, rows: int | None) -> Any:
    if rows is None or kind_of(value) not in ("array", "tensor"):
        return value
    found = min(len(leaf) for leaf in leaves(value))
    if found < rows:
        raise RecorderError(
            "too_few_rows",
            "--rows {}: the input has only {} rows".format(rows, found),
            "give an input with more rows, or a smaller --rows",
        )
    return map_leaves(lambda leaf: leaf[:rows], value)


# --- inputs made from a specification -------------------------------------------------


def from_model(model: Any, rows: int | None) -> Inputs:
    """Returns random inputs that fit ``model``, and announces what was chosen."""
    specification = _model_specification(model)
    if specification is None:
        raise RecorderError(
            "no_input_specification",
            "{} does not specify its inputs (a subclassed model that was never built)".format(
                type(model).__name__
            ),
            "give inputs: --input file.npy, --input path.py:callable, or a function that returns "
            "(model, inputs)",
        )
    return _from_specification(specification, rows, _smallest_vocabulary(model))


def from_signature(signature: Any, rows: int | None) -> Inputs:
    """Returns random inputs for a SavedModel's signature: a dict by argument name."""
    _, specification = signature.structured_input_signature
    made = _from_specification(
        {name: (_dimensions(spec.shape), spec.dtype.name, name) for name, spec in specification.items()},
        rows,
        None,
    )
    return Inputs(map_leaves(tensorflow.tensor, made.fresh()), made.announcements)


def fit_signature(signature: Any, inputs: Inputs) -> None:
    """Turns given inputs into a dict of tensors by argument name, as a signature takes them.

    Raises :class:`RecorderError` if names or shapes do not fit.
    """
    _, specification = signature.structured_input_signature
    value = inputs.first_batch()
    wanted = {name: (_dimensions(spec.shape), spec.dtype.name, name) for name, spec in specification.items()}
    if not isinstance(value, dict) and len(wanted) == len(leaves(value)) == 1:
        value = {name: leaves(value)[0] for name in wanted}
    if not isinstance(value, dict) or set(value) != set(wanted):
        found = (
            ", ".join(sorted(value)) if isinstance(value, dict) else "{} arrays".format(len(leaves(value)))
        )
        raise RecorderError(
            "input_mismatch",
            "the signature takes {}, found {}".format(
                ", ".join(_show(*wanted[name]) for name in sorted(wanted)), found
            ),
            "give a .npz whose arrays have these names, or a function that returns such a dict",
        )
    for name, array in value.items():
        _check_one(array, *wanted[name])
    inputs.replace(
        {
            name: tensorflow.load().cast(array, specification[name].dtype)
            if wanted[name][1] != "string"
            else tensorflow.tensor(array)
            for name, array in value.items()
        }
    )


def check_fits(model: Any, inputs: Inputs) -> None:
    """Raises a :class:`RecorderError` if arrays cannot be inputs of ``model``.

    A model without declared inputs takes what its ``call`` takes: what it was built with is one of many.
    """
    if inputs.kind in ("array", "tensor"):
        _refuse_empty(inputs)
    specification = _declared_specification(model)
    if specification is None or inputs.kind not in ("array", "tensor"):
        return
    expected = [leaf for leaf in _specification_leaves(specification)]
    found = leaves(inputs.fresh())
    if len(expected) != len(found):
        raise RecorderError(
            "input_mismatch",
            "the model takes {} inputs ({}), found {} ({})".format(
                len(expected),
                ", ".join(_show(shape, dtype, name) for shape, dtype, name in expected),
                len(found),
                ", ".join(str(tuple(np.shape(leaf))) for leaf in found),
            ),
            "give one array for each input, as a list or a dict by name",
        )
    if isinstance(inputs.fresh(), dict) and not isinstance(specification, dict):
        by_name = {name: (shape, dtype, name) for shape, dtype, name in expected}
        names = sorted(inputs.fresh())
        if set(names) <= set(by_name):
            expected = [by_name[name] for name in names]
    for (shape, dtype, name), array in zip(expected, found):
        _check_one(array, shape, dtype, name)


def _refuse_empty(inputs: Inputs) -> None:
    """Raises if an array has no rows, for which Keras has its own obscure errors."""
    for array in leaves(inputs.fresh()):
        shape = tuple(np.shape(array))
        if shape and shape[0] == 0:
            raise RecorderError(
                "empty_input",
                "the input: expected at least one row, found none (shape {})".format(shape),
                "give an input with rows",
            )


def _check_one(array: Any, shape: Shape, dtype: str, name: str) -> None:
    """Raises if an array is not an input of that shape and dtype."""
    actual = tuple(np.shape(array))
    fits = len(actual) == len(shape) and all(
        wanted is None or wanted == size for wanted, size in zip(shape, actual)
    )
    # Keras adds a last axis to rows of single numbers.
    fits = fits or (len(shape) == 2 and shape[1] in (1, None) and len(actual) == 1)
    if not fits:
        raise RecorderError(
            "input_mismatch",
            "input {}: expected {}, found shape {}".format(name, _show(shape, dtype, name), actual),
            "the first dimension is the rows; None stands for any size",
        )
    if (dtype == "string") != _is_text(array):
        raise RecorderError(
            "input_mismatch",
            "input {}: expected {}, found {}".format(name, _show(shape, dtype, name), _dtype_name(array)),
            "convert the array",
        )


def _show(shape: Shape, dtype: str, name: str) -> str:
    return "{} {} ({})".format(dtype, tuple(shape), name)


def _specification_leaves(specification: Any) -> list[Specified]:
    if isinstance(specification, dict):
        return [leaf for key in sorted(specification) for leaf in _specification_leaves(specification[key])]
    if isinstance(specification, list):
        return [leaf for value in specification for leaf in _specification_leaves(value)]
    return [specification]


def _model_specification(model: Any) -> Any:
    """Returns the model's inputs as a structure of (shape, dtype, name), or None if unknown."""
    declared = _declared_specification(model)
    return _built_specification(model) if declared is None else declared


def _declared_specification(model: Any) -> Any:
    """Returns the inputs that the model was made with, as above; None for a subclassed model."""
    structure = keras.input_structure(model)
    if structure is None:
        return None
    specification = _tensors_to_specification(structure)
    if isinstance(specification, list) and len(specification) == 1:
        return specification[0]
    return specification


def _tensors_to_specification(structure: Any) -> Any:
    if isinstance(structure, dict):
        return {key: _tensors_to_specification(value) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [_tensors_to_specification(value) for value in structure]
    dtype = structure.dtype
    name = structure.name.partition(":")[0]
    return (_dimensions(structure.shape), getattr(dtype, "name", None) or str(dtype), name)


def _built_specification(model: Any) -> Specified | None:
    """Returns what a subclassed model that was built remembers about its input."""
    shape = keras.built_shape(model)
    if shape is None:
        return None
    dimensions = _dimensions(shape)
    if not all(size is None or isinstance(size, int) for size in dimensions):
        return None
    return ([None] + dimensions[1:], getattr(model, "input_dtype", None) or "float32", "input")


def _dimensions(shape: Any) -> Shape:
    if getattr(shape, "rank", 0) is None:
        return []
    return [
        None if size is None else int(size)
        for size in (shape.as_list() if hasattr(shape, "as_list") else shape)
    ]


def _smallest_vocabulary(model: Any) -> int | None:
    """Returns the smallest ``input_dim`` of the model's Embedding layers, or None."""
    sizes = [
        layer.input_dim
        for layer, _ in all_layers(model)
        if type(layer).__name__ == "Embedding" and hasattr(layer, "input_dim")
    ]
    return min(sizes) if sizes else None


def all_layers(model: Any) -> list[tuple[Any, Any]]:
    """Returns the layers of ``model`` at any depth, each once, as pairs of a layer and its parent.

    They are in the order in which they run; the parent of the model's own layers is None.
    """
    seen = {id(model)}
    found: list[tuple[Any, Any]] = []

    def walk(parent: Any, owner: Any) -> None:
        for layer in getattr(parent, "layers", None) or []:
            if id(layer) not in seen:
                seen.add(id(layer))
                found.append((layer, owner))
                walk(layer, layer)

    walk(model, None)
    return found


def _from_specification(specification: Any, rows: int | None, vocabulary: int | None) -> Inputs:
    announcements: list[str] = []
    generator = np.random.RandomState(0)

    def make(leaf: Specified) -> Any:
        shape, dtype, name = leaf
        batch = shape[0] if shape and shape[0] is not None else (rows or KERAS_BATCH_SIZE)
        if shape and shape[0] is not None and rows not in (None, shape[0]):
            announcements.append(
                "{} has a fixed batch of {}: --rows {} is not used".format(name, shape[0], rows)
            )
        sizes = [batch] + [OPEN_DIMENSION if size is None else size for size in shape[1:]]
        if None in shape[1:]:
            announcements.append(
                "{} {}: open dimensions were set to {}, giving {}".format(
                    name, tuple(shape), OPEN_DIMENSION, tuple(sizes)
                )
            )
        return _random_array(generator, sizes if shape else [], dtype, vocabulary)

    def walk(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: walk(value) for key, value in part.items()}
        if isinstance(part, list):
            return [walk(value) for value in part]
        return make(part)

    made = walk(specification)
    if any(dtype == "string" for _, dtype, _ in _specification_leaves(specification)):
        # Keras 3 takes no arrays of strings, and no mix of arrays and tensors.
        made = map_leaves(tensorflow.tensor, made)
    return Inputs(made, announcements)


def _random_array(
    generator: np.random.RandomState, sizes: list[int], dtype: str, vocabulary: int | None
) -> Any:
    _refuse_too_large(sizes)
    if dtype == "string":
        return generator.choice(_WORDS, size=sizes)
    if dtype == "bool":
        return generator.rand(*sizes) < 0.5
    if dtype.startswith(("int", "uint")):
        # Ids must be in every embedding's range; without an embedding, 0 and 1 are safe.
        return generator.randint(0, vocabulary or 2, size=sizes).astype(dtype)
    numpy_dtype = "float32" if dtype == "bfloat16" else dtype
    return generator.standard_normal(sizes).astype(numpy_dtype)


def _refuse_too_large(sizes: list[int]) -> None:
    """Raises if an array of random numbers, which are made as doubles, does not fit into memory."""
    needed, free = 8.0, available_bytes()
    for size in sizes:
        needed *= size
    if free is not None and needed > free:
        raise RecorderError(
            "input_too_large",
            "generating inputs of shape {} takes {:,.0f} GB, but only {:,.0f} GB of memory are free".format(
                tuple(sizes), needed / 1e9, free / 1e9
            ),
            "give fewer --rows, or your own inputs with --input",
        )


def _is_text(leaf: Any) -> bool:
    dtype = getattr(leaf, "dtype", None)
    return getattr(dtype, "name", None) == "string" or np.asarray(leaf).dtype.kind in "OSU"


def _dtype_name(leaf: Any) -> str:
    dtype = getattr(leaf, "dtype", None)
    return getattr(dtype, "name", None) or (str(dtype) if dtype is not None else type(leaf).__name__)
