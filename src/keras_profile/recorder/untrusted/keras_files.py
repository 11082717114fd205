"""Reads the configuration in a .keras or .h5 file as Keras will, and nothing else in it."""

from __future__ import annotations

import os
import zipfile
from typing import Any

from .bounds import EXPANSION, LARGE, Whose, as_size, check_room, members, parse_json, reading, regular_size

#: Larger than any configuration: the largest models' configurations, with vocabularies, have a few MB.
_LONGEST_CONFIGURATION = 32 << 20
_MOST_MEMBERS, _MOST_OBJECTS = 10000, 500000
_CONFIGURATION = "config.json"
_ARCHIVE, _HDF5 = "a .keras archive with a config.json", "an HDF5 file with a Keras model"


def archive_documents(whose: Whose) -> list[Any]:
    """Returns the parsed configuration of a .keras file, or several if members share a name.

    Raises :class:`RecorderError` if it is not a complete archive, or would fill the memory.
    """
    regular_size(whose)
    with reading(whose, _ARCHIVE), zipfile.ZipFile(whose.path) as archive:
        found = members(whose, archive, _MOST_MEMBERS)
        # Which of two members with the same name is read depends on the reader.
        configurations = [info for info in found if info.filename == _CONFIGURATION]
        if not configurations:
            raise whose.wrong("has no config.json, so it is not a Keras model")
        return [_parsed(whose, _member(whose, archive, info)) for info in configurations]


def check_archived_weights(whose: Whose) -> None:
    """Raises a :class:`RecorderError` if weights in a .keras file cannot be what they claim to be."""
    import h5py  # comes with TensorFlow

    with reading(whose, _ARCHIVE), zipfile.ZipFile(whose.path) as archive:
        for info in archive.infolist():
            if info.filename.endswith(".h5"):
                with archive.open(info) as member, h5py.File(member, "r") as file:
                    _check_hdf5(whose, file)


def is_hdf5(path: str) -> bool:
    """Whether HDF5 would read a file, wherever its data begin."""
    import h5py

    return bool(h5py.is_hdf5(path))


def hdf5_documents(whose: Whose) -> list[Any]:
    """Returns the parsed configurations of a .h5 file: of the model, and of its training.

    Raises :class:`RecorderError` if it is not complete, or claims something impossible.
    """
    import h5py

    regular_size(whose)
    with reading(whose, _HDF5), h5py.File(whose.path, "r") as file:
        _check_hdf5(whose, file)
        if "model_config" not in file.attrs:
            raise whose.wrong(
                "has no model_config: it holds only weights, not the model",
                "save the whole model: model.save(path)",
            )
        names = [name for name in ("model_config", "training_config") if name in file.attrs]
        return [_parsed(whose, _attribute(whose, file, name)) for name in names]


def _member(whose: Whose, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > _LONGEST_CONFIGURATION:
        raise whose.wrong(
            "has a config.json of {}, expected at most {}".format(
                as_size(info.file_size), as_size(_LONGEST_CONFIGURATION)
            )
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise whose.wrong("has a config.json that is compressed in a way that Keras never uses")
    with archive.open(info) as file:
        # zipfile reads no more than the stated size: anything longer fails its checksum.
        return file.read(_LONGEST_CONFIGURATION + 1)


def _attribute(whose: Whose, file: Any, name: str) -> str:
    identifier = file.attrs.get_id(name)
    if identifier.shape != () or identifier.dtype.itemsize > _LONGEST_CONFIGURATION:
        raise whose.wrong("has a {} that is not text".format(name))
    value = file.attrs[name]
    # As Keras does it; in h5py 3 it is already a string.
    text = value.decode("utf-8") if hasattr(value, "decode") else value
    if not isinstance(text, str) or len(text) > _LONGEST_CONFIGURATION:
        raise whose.wrong("has a {} that is not text of a plausible length".format(name))
    return text


def _parsed(whose: Whose, text: str | bytes) -> Any:
    found = parse_json(whose, text)
    if not isinstance(found, dict):
        raise whose.wrong(
            "has a configuration that does not describe a model: it is a {}".format(type(found).__name__)
        )
    return found


def _check_hdf5(whose: Whose, file: Any) -> None:
    """Raises if data are in another file, or are larger than what was written to this one."""
    import h5py

    seen = 0
    total = 0

    def check(name: str, thing: Any) -> None:
        nonlocal seen, total
        seen += 1
        if seen > _MOST_OBJECTS:
            raise whose.wrong("holds more than {} groups and arrays".format(_MOST_OBJECTS))
        if isinstance(thing, h5py.Group):
            _check_links(whose, name, thing)
        elif isinstance(thing, h5py.Dataset):
            if thing.external or getattr(thing, "is_virtual", False):
                raise whose.wrong("takes the array {} from another file".format(name), _OTHER_FILE)
            size = thing.dtype.itemsize
            for length in thing.shape or ():
                size *= int(length)
            if size > LARGE and size > EXPANSION * thing.id.get_storage_size():
                raise whose.wrong(
                    "claims an array {} of shape {}, {}, but holds only {}".format(
                        name, thing.shape, as_size(size), as_size(thing.id.get_storage_size())
                    )
                )
            total += size

    _check_links(whose, "/", file)
    file.visititems(check)
    check_room(whose, total, "arrays")


_OTHER_FILE = "the file may be malicious: get one that contains its own weights"


def _check_links(whose: Whose, name: str, group: Any) -> None:
    import h5py

    for key in group:
        if isinstance(group.get(key, getlink=True), h5py.ExternalLink):
            raise whose.wrong(
                "has a link to another file, at {}".format(os.path.join(name, key)), _OTHER_FILE
            )
