"""What a recipe may know about the call that it should speed up."""

from __future__ import annotations

import importlib.util
import inspect
from typing import Any, Sequence


class Leaf:
    """One array of an input or output: its shape, with the rows first, and its dtype's name.

    ``open_axes`` are axes after the rows whose size the model leaves open, or that differ in other
    calls of the same line. ``specified`` says whether the model gives the sizes of the others.
    """

    def __init__(
        self,
        shape: Sequence[int | None],
        dtype: str,
        open_axes: Sequence[int] = (),
        specified: bool = True,
    ) -> None:
        self.shape = tuple(shape)
        self.dtype = dtype
        self.open_axes = tuple(open_axes)
        self.specified = specified


class Usage:
    """One call of the user's: the model, and what goes in and comes out.

    ``entry_point`` is what is called, a row of the recorder's table of entry points, and
    ``entry`` its name. ``kind`` is the kind of the input (array, tensor, dataset, generator,
    pydataset). ``input`` has the nested structure of the input, with a :class:`Leaf` for each
    array (for a dataset, those of a batch), or None if that is not known; ``outputs`` is the same for
    the outputs. ``keras_module`` is how the model's Keras is imported; versions are tuples of
    numbers; ``layers`` are the model's at any depth. ``predict_batch_size`` is the size of ``predict``'s
    batches if ``batch_size`` is not given; ``compiled`` and ``subclassed`` say whether
    the model was compiled and whether code of its own class connects its layers;
    ``dataset_classes`` names the TensorFlow classes that the dataset consists of.
    ``shapes_seen`` has, for each kind of call that the line made, the shapes of its input's arrays, in
    order; it is empty if only one call is known. ``models_seen`` is the number of models in these calls,
    and ``chained`` says that the input of each is made from the output of the one before.
    ``gives_tensors`` says that the outputs are a framework's tensors, not numpy arrays;
    ``keeps_state`` that a call changes the outputs of the next one.
    ``overriding`` maps Keras methods to the names of the classes that override them, if Keras' own
    method is called.
    ``jit_compiled`` says that XLA compiles the model; ``switches`` names TensorFlow's switches that are
    on and slow calls down; ``threads`` is how many it was set to use in one op, 0 for all processors.
    """

    def __init__(
        self,
        model: Any,
        entry_point: Any,
        kind: str,
        input: Any,
        outputs: Any,
        dataset: Any = None,
        keras_module: str = "keras",
        backend: str = "tensorflow",
        keras_version: tuple[int, ...] = (3,),
        tensorflow_version: tuple[int, ...] = (2, 16),
        batch_size: int | None = None,
        steps: int | None = None,
        verbose: bool = False,
        callbacks: bool = False,
        layers: Sequence[Any] = (),
        *,
        predict_batch_size: int,
        compiled: bool,
        subclassed: bool,
        dataset_classes: Sequence[str] = (),
        overriding: dict[str, str] | None = None,
        shapes_seen: Sequence[Sequence[Sequence[int]]] = (),
        models_seen: int = 1,
        chained: bool = False,
        gives_tensors: bool | None = None,
        keeps_state: bool = False,
        jit_compiled: bool = False,
        switches: Sequence[str] = (),
        threads: int = 0,
    ) -> None:
        self.model = model
        self.entry_point = entry_point
        self.entry = entry_point.name
        self.kind = kind
        self.input = input
        self.outputs = outputs
        self.dataset = dataset
        self.keras_module = keras_module
        self.backend = backend
        self.keras_version = keras_version
        self.tensorflow_version = tensorflow_version
        self.batch_size = batch_size
        self.predict_batch_size = batch_size or predict_batch_size
        self.compiled = compiled
        self.subclassed = subclassed
        self.dataset_classes = dataset_classes
        self.overriding = overriding or {}
        self.steps = steps
        self.verbose = verbose
        self.callbacks = callbacks
        self.layers = layers
        self.shapes_seen = shapes_seen
        self.models_seen = models_seen
        self.chained = chained
        # If the outputs were not inspected, by what is called: methods of a model return arrays.
        self.gives_tensors = gives_tensors if gives_tensors is not None else not entry_point.method
        self.keeps_state = keeps_state
        self.jit_compiled = jit_compiled
        self.switches = switches
        self.threads = threads

    @property
    def rows(self) -> int | None:
        """Rows of the input; None if it is not arrays."""
        if self.kind not in ("array", "tensor"):
            return None
        return _first(self.input).shape[0]

    @property
    def known_rows(self) -> int:
        """The same, for recipes for arrays only."""
        assert self.rows is not None
        return self.rows

    @property
    def batches(self) -> int | None:
        """How many batches ``predict`` splits the rows into; None if the input is not arrays."""
        if self.rows is None:
            return None
        return -(-self.rows // self.predict_batch_size)

    @property
    def batch_rows(self) -> int | None:
        """Rows of a batch of the call; None if the input is not arrays."""
        if self.rows is None or not self.entry_point.takes_batches:
            return self.rows
        return min(self.rows, self.predict_batch_size)

    @property
    def bytes_per_row(self) -> int | None:
        """The most memory a row takes while the model runs: all layers' outputs, in float32.

        None if a layer's output is not known ahead.
        """
        total = 0
        for layer in self.layers:
            try:
                shape = layer.output.shape
            except (AttributeError, ValueError):  # several outputs, or never called
                return None
            product = 4
            for size in list(shape)[1:]:
                if size is None:
                    return None
                product *= int(size)
            total += product
        return total or None

    @property
    def rows_seen(self) -> list[int]:
        """The numbers of rows that the line's calls had, each once, the fewest first."""
        return sorted({shapes[0][0] for shapes in self.shapes_seen if shapes and shapes[0]})

    @property
    def shapes_vary(self) -> bool:
        """Whether calls of the line are known to have had inputs of several shapes."""
        return len({str(shapes) for shapes in self.shapes_seen}) > 1

    @property
    def shapes_in_words(self) -> str:
        """The shapes of the line's calls, or only their rows if nothing else differs.

        Of many, only a few are named.
        """
        if len({str([shape[1:] for shape in shapes]) for shapes in self.shapes_seen}) > 1:
            found = sorted({" and ".join(str(tuple(one)) for one in shapes) for shapes in self.shapes_seen})
            return ", ".join(found[:4]) + ("" if len(found) <= 4 else ", …")
        rows = self.rows_seen
        if len(rows) > 4:
            return "{:,} to {:,} rows".format(rows[0], rows[-1])
        return " and ".join(["{:,}".format(one) for one in rows]) + " rows"

    @property
    def has_strings(self) -> bool:
        """Whether strings go in or come out, or a layer takes them."""
        inner = (
            getattr(layer, "compute_dtype", None) or getattr(layer, "dtype", None) for layer in self.layers
        )
        known = [*self.input_dtypes, *(leaf.dtype for leaf in leaves(self.outputs)), *inner]
        return "string" in known or bool(self.layers_named("TextVectorization", "StringLookup", "Hashing"))

    @property
    def one_input(self) -> bool:
        """Whether the input is a single array, not a structure of them."""
        return isinstance(self.input, Leaf)

    @property
    def one_output(self) -> bool:
        """Whether the outputs are a single array, not a structure of them."""
        return isinstance(self.outputs, Leaf)

    def outputs_have(self, *dtypes: str) -> bool:
        """Whether an array of the outputs is of one of these dtypes."""
        return any(leaf.dtype in dtypes for leaf in leaves(self.outputs))

    @property
    def compute_dtypes(self) -> list[str]:
        """The dtypes that the model's layers compute in."""
        found = (
            getattr(layer, "compute_dtype", None) or getattr(layer, "dtype", None) for layer in self.layers
        )
        return sorted({name for name in found if isinstance(name, str)})

    @property
    def has_targets(self) -> bool:
        """Whether the dataset's elements are tuples, of which the inputs are the first."""
        return isinstance(getattr(self.dataset, "element_spec", None), tuple)

    @property
    def takes_training(self) -> bool:
        """Whether the model can be called with ``training=False``."""
        if self.keras_version >= (3,):
            return True
        return "training" in inspect.signature(self.model.call).parameters

    @property
    def model_dtypes(self) -> list[str]:
        """The dtypes of the model's own inputs, in order; empty if it does not say."""
        try:
            inputs = self.model.inputs or []
        except (AttributeError, ValueError):
            return []
        return [getattr(one.dtype, "name", None) or str(one.dtype) for one in inputs]

    @property
    def input_dtypes(self) -> list[str]:
        """The dtypes of the arrays of the input, in the model's order."""
        return [leaf.dtype for leaf in leaves(self.input)]

    @property
    def first_batch_rows(self) -> int | None:
        """Rows of a dataset's batch by its own specification; None if they vary."""
        leaf = _first(self.input)
        return leaf.shape[0] if leaf.shape else None

    def dataset_has(self, name: str) -> bool:
        """Whether the dataset contains this TensorFlow class, such as ``MapDataset``."""
        return name in self.dataset_classes

    def has_module(self, name: str) -> bool:
        """Whether a module is installed; it is not imported."""
        return importlib.util.find_spec(name) is not None

    def layers_named(self, *names: str) -> list[Any]:
        """The model's layers of these classes, and those inside of wrappers such as Bidirectional."""
        return [
            part for layer in self.layers for part in [layer] + wrapped(layer) if type(part).__name__ in names
        ]


def wrapped(layer: Any) -> list[Any]:
    """The layers inside of a wrapper; none for others."""
    parts = (getattr(layer, name, None) for name in ("layer", "backward_layer"))
    return [part for part in parts if hasattr(part, "get_config")]


def leaves(structure: Any) -> list[Leaf]:
    """The :class:`Leaf` of each array in a structure; none if the structure is not known."""
    if structure is None:
        return []
    if isinstance(structure, Leaf):
        return [structure]
    parts = [structure[key] for key in sorted(structure)] if isinstance(structure, dict) else structure
    return [leaf for part in parts for leaf in leaves(part)]


def _first(structure: Any) -> Leaf:
    return leaves(structure)[0]
