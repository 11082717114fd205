"""The dataset without its shuffle."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import DATASET
from .snippets import TENSORFLOW, lines, predict
from .usage import Usage

#: TensorFlow's classes of datasets that shuffle.
_SHUFFLES = ("ShuffleDataset", "ShuffleAndRepeatDataset")


def changes(usage: Usage) -> list[Change]:
    # Before 2.2 the op has no policy for stateful functions, and refuses them.
    to_graph = (
        "tf.raw_ops.DatasetToGraphV2(input_dataset=variant, external_state_policy=1)"
        if usage.tensorflow_version >= (2, 2)
        else "tf.raw_ops.DatasetToGraph(input_dataset=variant)"
    )
    return [
        Change(
            "the dataset without shuffle",
            predict(usage, x="unshuffled"),
            setup=lines(
                "# The same as removing .shuffle(...) where the dataset is made, which is enough.",
                TENSORFLOW,
                "",
                "",
                "def without_shuffle(data):",
                "    variant = tf.data.experimental.to_variant(data)",
                "    graph = tf.compat.v1.GraphDef.FromString({}.numpy())".format(to_graph),
                "    source = {node.name: node.input[0] for node in graph.node"
                " if node.op.startswith('Shuffle')}",
                "    for node in graph.node:",
                "        for number, name in enumerate(node.input):",
                "            while name.partition(':')[0] in source:",
                "                name = source[name.partition(':')[0]]",
                "            node.input[number] = name",
                "    end = next(node for node in graph.node if node.op == '_Retval').input[0]",
                "    for node in [node for node in graph.node"
                " if node.op == '_Retval' or node.name in source]:",
                "        graph.node.remove(node)",
                "    end = end if ':' in end else end + ':0'",
                "    rebuild = tf.function(lambda: tf.graph_util.import_graph_def("
                "graph, return_elements=[end], name='')[0])",
                "    return tf.data.experimental.from_variant(rebuild(), data.element_spec)",
            ),
            prepare="unshuffled = without_shuffle(x)",
            condition="only if the order of the rows does not matter: they come in the order of the data",
            other_rows=True,
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if any(usage.dataset_has(name) for name in _SHUFFLES):
        return None
    return "the dataset is not shuffled"


RECIPE = Recipe(
    "dataset_unshuffled",
    "the dataset without shuffle",
    "A shuffle refills its buffer for each new iterator, and predict makes one on each call. Inference gains "
    "nothing from another order.",
    changes,
    obstacle,
    harmless=True,
    simplicity=DATASET,
    kinds=("dataset",),
    entries=("predict",),
)
