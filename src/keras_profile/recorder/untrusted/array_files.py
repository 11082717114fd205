"""Reads .npy and .npz files: an array's claimed size is checked against the file before it takes memory."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from typing import IO, Any

import numpy as np

from .bounds import Whose, as_size, check_path, check_room, members, reading, regular_size

#: The name used for the array of a .npy file, which has none.
ONLY = ""
_MOST_ARRAYS = 1000
_MAGIC = b"\x93NUMPY"
_VERSIONS = (1, 2, 3)
#: numpy itself does not read longer ones.
_LONGEST_HEADER = 10000
_EXPECTED = {".npy": "an array written by numpy.save", ".npz": "arrays written by numpy.savez"}
#: Kinds of dtypes that models take as inputs: booleans, numbers, text.
_INPUTS = "biufcSU"


def load(whose: Whose) -> dict[str, Any]:
    """Returns the arrays in a .npy or .npz file, by name.

    Raises :class:`RecorderError` if it is incomplete, or holds anything but arrays of plain dtypes.
    """
    check_path(whose)
    size = regular_size(whose)
    ending = os.path.splitext(whose.path)[1]
    with reading(whose, _EXPECTED[ending]):
        with open(whose.path, "rb") as file:
            beginning = file.read(len(_MAGIC))
            # Like numpy, which decides by a file's content and not by its name.
            if beginning == _MAGIC:
                file.seek(0)
                check_room(whose, size, "data")
                return {ONLY: _array(whose, file, "", size)}
        if not beginning.startswith(b"PK"):
            raise whose.wrong(
                "does not match its name: expected {}, found a file that begins with {!r}".format(
                    _EXPECTED[ending], beginning
                )
            )
        return _archived(whose)


def _archived(whose: Whose) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    with zipfile.ZipFile(whose.path) as archive:
        found = members(whose, archive, _MOST_ARRAYS)
        if not found:
            raise whose.wrong("holds no array")
        for info in found:
            name = info.filename[: -len(".npy")] if info.filename.endswith(".npy") else info.filename
            if name in arrays:
                raise whose.wrong("holds two arrays named {}".format(name))
            with archive.open(info) as file:
                arrays[name] = _array(whose, file, " " + name, info.file_size)
    return arrays


def _array(whose: Whose, file: IO[bytes], name: str, size: int) -> Any:
    """Returns the array in an open file of ``size`` bytes. ``name`` is for messages."""
    beginning = file.read(len(_MAGIC) + 2)
    if beginning[: len(_MAGIC)] != _MAGIC or len(beginning) < len(_MAGIC) + 2:
        raise whose.wrong("holds{} something that is not a NumPy array".format(name))
    version = beginning[len(_MAGIC)]
    if version not in _VERSIONS:
        raise whose.wrong("holds an array{} in the unknown format version {}".format(name, version))
    width, form = (2, "<H") if version == 1 else (4, "<I")
    (length,) = struct.unpack(form, file.read(width))
    if length > _LONGEST_HEADER:
        raise whose.wrong("holds an array{} with a header of {}".format(name, as_size(length)))
    shape, fortran, dtype = _header(file, length)
    if dtype.hasobject:
        raise whose.wrong(
            "holds an array{} of Python objects, which are not loaded: that would run code in the "
            "file".format(name)
        )
    if dtype.kind not in _INPUTS or dtype.fields is not None:
        raise whose.wrong("holds an array{} of dtype {}, which no model takes".format(name, dtype))
    claimed = dtype.itemsize
    for count in shape:
        claimed *= count
    held = size - len(beginning) - width - length
    if claimed > held:
        raise whose.wrong(
            "claims an array{} of shape {} and dtype {}, which is {}, but holds only {}".format(
                name, _shown(shape), dtype, as_size(claimed), as_size(held)
            ),
            "it may be cut short: save it again with numpy.save",
        )
    data = bytearray(claimed)
    read = memoryview(data)
    at = 0
    while at < claimed:
        count = file.readinto(read[at : at + (1 << 24)])  # type: ignore[attr-defined]
        if not count:
            raise whose.wrong("ends within the array{}".format(name), "save it again with numpy.save")
        at += count
    array = np.frombuffer(data, dtype) if dtype.itemsize else np.zeros(0, dtype)
    return array.reshape(shape, order="F" if fortran else "C")


def _header(file: IO[bytes], length: int) -> tuple[tuple[int, ...], bool, Any]:
    """Returns an array's shape, order and dtype, from the header that numpy wrote before it."""
    # The same in all versions, except for its greatest length and the encoding of field names.
    header = io.BytesIO(b"\x93NUMPY" + bytes([2, 0]) + struct.pack("<I", length) + file.read(length))
    np.lib.format.read_magic(header)
    shape, fortran, dtype = np.lib.format.read_array_header_2_0(header)
    if not all(isinstance(count, int) and count >= 0 for count in shape):
        raise ValueError("a shape of {}".format(shape))
    return shape, fortran, dtype


def _shown(shape: tuple[int, ...]) -> str:
    text = str(shape)
    return text if len(text) < 80 else text[:77] + "..."
