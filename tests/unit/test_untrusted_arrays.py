"""Files of inputs that are cut off, absurd or none: two lines in no time, and no memory taken."""

from __future__ import annotations

import contextlib
import io
import os
import random
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from keras_profile.recorder.protocol import RecorderError
from keras_profile.recorder.workload import inputs


def npy(header, data=b"", version=1, length=None):
    """The bytes of an array file with this header, true or not."""
    text = header.encode() if isinstance(header, str) else header
    size = len(text) if length is None else length
    return (
        b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", size) + text + data
    )


def claims(shape, descr="<f4", order="False"):
    return f"{{'descr': {descr!r}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


def saved(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def archive(members, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in members:
            made.writestr(name, content)
    return file.getvalue()


GOOD = saved(np.arange(12, dtype="float32").reshape(3, 4))
STRUCTURED = np.zeros(3, dtype=[("a", "f4"), ("b", "i4")])
BROKEN = {
    "empty.npy": (b"", "found a file that begins with b''"),
    "magic.npy": (b"\x93NUMPY", "not a NumPy array"),
    "short.npy": (GOOD[:-5], "but holds only 43 bytes"),
    "header.npy": (GOOD[:40], "cannot be read"),
    "huge.npy": (npy(claims("(1000000000000000000,)")), "claims an array of shape (1000000000000000000,)"),
    "huger.npy": (npy(claims("(" + "9" * 300 + ",)")), "claims an array"),
    "large.npy": (npy(claims("(1000000000,)"), b"1234"), "which is 4.0 GB, but holds only 4 bytes"),
    "product.npy": (npy(claims("(4294967296, 4294967296)")), "claims an array"),
    "negative.npy": (npy(claims("(-1, 4)")), "a shape of (-1, 4)"),
    "long_header.npy": (npy("", version=2, length=1 << 31), "a header of 2.1 GB"),
    "deep_header.npy": (npy(claims("(" * 3000 + ")" * 3000)), "cannot be read"),
    "code.npy": (npy("__import__('os').system('touch ran')"), "cannot be read"),
    "version.npy": (b"\x93NUMPY\x09\x00" + GOOD[8:], "in the unknown format version 9"),
    "objects.npy": (saved(np.array([{}], dtype=object)), "would run code in the file"),
    "structured.npy": (saved(STRUCTURED), "which no model takes"),
    "times.npy": (saved(np.zeros(3, "datetime64[s]")), "which no model takes"),
    "void.npy": (saved(np.zeros(3, "V8")), "which no model takes"),
    "text.npy": (b"hello, world", "found a file that begins with b'hello,'"),
    "html.npz": (b"<!DOCTYPE html>", "does not match its name"),
    "empty.npz": (b"", "does not match its name"),
    "begun.npz": (b"PK", "File is not a zip file"),
    "cut.npz": (archive([("a.npy", GOOD)])[:-30], "cannot be read"),
    "none.npz": (archive([]), "holds no array"),
    "member.npz": (archive([("a.npy", b"hello")]), "not a NumPy array"),
    "huge.npz": (archive([("a.npy", npy(claims("(1000000000000000000,)")))]), "claims an array a of shape"),
    "objects.npz": (archive([("a.npy", saved(np.array([{}], dtype=object)))]), "of Python objects"),
    "traversal.npz": (archive([("../../a.npy", GOOD)]), "unpacked outside"),
    "absolute.npz": (archive([("/tmp/a.npy", GOOD)]), "unpacked outside"),
    "backslashes.npz": (archive([("..\\a.npy", GOOD)]), "unpacked outside"),
    "many.npz": (archive((f"{number}.npy", b"") for number in range(2000)), "has 2000 members"),
    "twice.npz": (archive([("a.npy", GOOD), ("a.npy", GOOD)]), "two arrays named a"),
    "bzip2.npz": (archive([("a.npy", GOOD)], zipfile.ZIP_BZIP2).replace(b"BZh9", b"BZhx"), "cannot be read"),
    "checksum.npz": (archive([("a.npy", GOOD)]).replace(GOOD[-8:], b"spoiled!", 1), "cannot be read"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_two_lines(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content, words = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(RecorderError) as refused:
            inputs.load(name, None)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
    assert words in refused.value.message
    assert refused.value.message.startswith(f"--input: {name}")
    assert refused.value.advice
    assert "\n" not in refused.value.message
    assert not (tmp_path / "ran").exists()


def test_an_archive_that_grows_beyond_measure_is_not_read(tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.npy", "w") as member:
        member.write(npy(claims("(100000000,)")))
        for _ in range(400):
            member.write(bytes(1_000_000))
    with pytest.raises(RecorderError, match=r"grows from .* to 400.0 MB"):
        inputs.load(str(path), None)


def test_what_is_no_file_is_named_and_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.npy")
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "device.npy").symlink_to("/dev/zero")
    (tmp_path / "circle.npy").symlink_to("circle.npy")
    (tmp_path / "nowhere.npz").symlink_to("nothing")
    for name, words in {
        "pipe.npy": "is a pipe, expected a regular file",
        "folder.npz": "is a folder",
        "device.npy": "is a device",
        "circle.npy": "is a broken link to circle.npy",
        "nowhere.npz": "is a broken link to nothing",
        "missing.npy": "no such file",
    }.items():
        with pytest.raises(RecorderError) as refused:
            inputs.load(str(tmp_path / name), None)
        assert words in refused.value.message


ARRAYS = [
    np.arange(12, dtype="float32").reshape(3, 4),
    np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    np.array(["one", "zwei"]),
    np.array([b"one", b"two"]),
    np.zeros((0, 4)),
    np.float32(3),
    np.array([[True], [False]]),
    np.arange(6, dtype=">i8"),
    np.array([1 + 2j]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}{array.shape}")
def test_arrays_are_read_as_numpy_reads_them(array, tmp_path):
    np.save(tmp_path / "one.npy", array)
    np.savez(tmp_path / "several.npz", array, array)
    np.savez_compressed(tmp_path / "named.npz", first=array)
    one = inputs.load(str(tmp_path / "one.npy"), None).value
    several = inputs.load(str(tmp_path / "several.npz"), None).value
    named = inputs.load(str(tmp_path / "named.npz"), None).value
    assert isinstance(several, list)
    assert list(named) == ["first"]
    for read in (one, *several, named["first"]):
        assert read.dtype == array.dtype
        np.testing.assert_array_equal(read, array)
        assert read.flags.writeable


def test_what_numpy_wrote_and_somebody_changed_is_read_or_refused(tmp_path):
    chance = random.Random(1)
    path = tmp_path / "changed.npz"
    for content in (GOOD, archive([("a.npy", GOOD), ("b.npy", GOOD)], zipfile.ZIP_DEFLATED)):
        for _ in range(400):
            changed = bytearray(content)
            for _ in range(chance.choice((1, 1, 2, 8))):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            path.write_bytes(changed[: chance.choice((len(changed), chance.randrange(len(changed))))])
            with contextlib.suppress(RecorderError):
                inputs.load(str(path), None)


# --- what is too large, or nothing ---


def test_inputs_that_do_not_fit_into_memory_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(inputs, "available_bytes", lambda: 10**9)
    random = np.random.RandomState(0)
    with pytest.raises(RecorderError, match=r"takes 983 GB, but only 1 GB") as caught:
        inputs._random_array(random, [10_000_000, 64, 64, 3], "float32", None)
    assert "--rows" in caught.value.advice
    assert inputs._random_array(random, [4, 3], "float32", None).shape == (4, 3)
    monkeypatch.setattr(inputs, "available_bytes", lambda: None)
    assert inputs._random_array(random, [4, 3], "float32", None).shape == (4, 3)


@pytest.mark.parametrize("value", [np.zeros((0, 4)), [np.zeros((2, 4)), np.zeros((0, 4))]])
def test_inputs_without_rows_are_refused(value):
    with pytest.raises(RecorderError, match=r"expected at least one row, found none \(shape \(0, 4\)\)"):
        inputs._refuse_empty(inputs.given(value, None))
