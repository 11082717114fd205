"""Finds what runs code, imports modules or reads other files in a parsed configuration of Keras."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Iterator

from ..frameworks.keras_code import (
    BRINGS_CODE,
    OF_CLASS,
    OF_FUNCTION,
    OF_NODE,
    is_own_class,
    is_own_function,
)
from ..frameworks.tensorflow.file_operations import (
    is_plain_class,
    is_plain_symbol,
    node_operations,
    why_unsafe,
)

#: Keys whose text is the path of a file that a layer reads.
_PATHS = ("vocabulary", "vocabulary_file", "idf_weights")
#: Keys with which Lambda layers of Keras 2 say that a function is code in the file.
_KINDS_OF_FUNCTIONS = ("function_type", "output_shape_type", "mask_type")
#: How Python's marshalled code begins, with and without the reference flag.
_CODE = (0x63, 0xE3)
#: Shorter than any marshalled code.
_SHORTEST_CODE = 40


def risks(document: Any) -> Iterator[str]:
    """Yields what is found, each in words with its place, in the order of the document."""
    # Without recursion: a configuration may be nested as deeply as JSON can be.
    left = [("", document)]
    while left:
        place, part = left.pop()
        if isinstance(part, dict):
            found = list(_of_object(part))
            for text in found:
                yield "{} (at {})".format(text, place.lstrip(".") or "the top")
            if not found:
                left.extend(("{}.{}".format(place, key), part[key]) for key in reversed(list(part)))
        elif isinstance(part, list):
            left.extend(
                ("{}[{}]".format(place, number), part[number]) for number in reversed(range(len(part)))
            )
        elif isinstance(part, str) and _is_code(part):
            yield "marshalled Python code (at {})".format(place.lstrip("."))


def _of_object(part: dict[str, Any]) -> Iterator[str]:
    """Yields the risks of one object of a configuration, without those of the objects in it."""
    name = part.get("class_name")
    config = part.get("config")
    if isinstance(name, str):
        names = [_plain(name), _plain(part.get("registered_name"))]
        for brings in dict.fromkeys(names):
            if brings in BRINGS_CODE:
                yield BRINGS_CODE[brings]
                return
        yield from _of_operation(_plain(name), config if isinstance(config, dict) else {})
        yield from _of_import(name, part, config)
    for key in _KINDS_OF_FUNCTIONS:
        if part.get(key) in ("lambda", "raw"):
            yield "a function that is code in the file"
    for key in _PATHS:
        if isinstance(part.get(key), str) and part[key]:
            yield "the path of a file that a layer reads, {!r}, as its {}".format(part[key][:200], key)


def _plain(name: object) -> str:
    """Returns a class's name, without the package in which it was registered or found."""
    return name.rpartition(">")[2].rpartition(".")[2] if isinstance(name, str) else ""


def _of_import(name: str, part: dict[str, Any], config: Any) -> Iterator[str]:
    module = part.get("module")
    if name == "function":
        wanted = config if isinstance(config, str) else str(part.get("registered_name"))
        if not is_own_function(module, wanted):
            yield "the function {} of the module {}, which is imported and called".format(wanted, module)
        return
    wanted = str(part.get("spec_name")) if name == "__typespec__" else name
    if "config" in part and not is_own_class(module, wanted.rpartition(">")[2]):
        yield "the class {} of the module {}, which is imported and runs".format(wanted, module)


def _of_operation(name: str, config: dict[str, Any]) -> Iterator[str]:
    """Yields the risks of layers of Keras 2 that represent an op of TensorFlow."""
    if name == OF_NODE:
        for operation in node_operations(config.get("node_def")):
            reason = why_unsafe(operation)
            if reason is not None:
                yield "the op {}, which {}".format(operation, reason)
    elif name in OF_FUNCTION and not is_plain_symbol(config.get("function")):
        yield "a layer that calls tf.{}, which does more than compute".format(config.get("function"))
    elif name == OF_CLASS and not is_plain_class(config.get("cls_symbol")):
        yield "a layer that calls tf.{}.{}".format(config.get("cls_symbol"), config.get("method_name"))


def _is_code(text: str) -> bool:
    """Whether a text is marshalled Python code, as Keras writes it.

    Code begins with its numbers of arguments, in four bytes each.
    """
    if len(text) < _SHORTEST_CODE:
        return False
    try:
        beginning = base64.b64decode("".join(text[:64].split())[:16])
    except (binascii.Error, ValueError):
        return False
    return (
        len(beginning) >= 9 and beginning[0] in _CODE and not any(beginning[2:5]) and not any(beginning[6:9])
    )
