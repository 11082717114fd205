"""Writes model files that are cut off, absurd or none, and loads each: ``python broken_models.py FOLDER``.

Python 3.7 code. Prints a line of JSON for each: its name, what the error said, which is ``null`` for
a file that loads, the seconds that it took, and by how many bytes it raised what the process has had at most.
"""

import io
import json
import os
import random
import resource
import shutil
import sys
import time
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import numpy as np
import tensorflow as tf

from keras_profile.recorder.protocol import RecorderError
from keras_profile.recorder.untrusted import keras_files
from keras_profile.recorder.untrusted.bounds import Whose
from keras_profile.recorder.untrusted.configurations import risks
from keras_profile.recorder.untrusted.saved_models import SavedModelFile
from keras_profile.recorder.workload import target

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def archive(path, *members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def members(good):
    with zipfile.ZipFile(good["keras"]) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def keras_with(**changed):
    """A case in which these members of a good .keras file are other ones, and the rest as it was."""

    def make(path, good):
        contents = members(good)
        contents.update({name.replace("__", "."): content for name, content in changed.items()})
        return archive(path, *contents.items())

    return make


def bomb(path):
    """A .keras file whose configuration is 400 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("config.json", "w") as member:
        for _ in range(400):
            member.write(b" " * 1000000)
    return path


def bytes_of(make):
    """The bytes of a .h5 file that ``make`` fills."""
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        make(made)
    return file.getvalue()


def absurd(file):
    file.attrs["model_config"] = "{}"
    file.create_dataset("kernel", shape=(10**6, 10**6), dtype="f4", chunks=(100, 100))


CASES["nothing.keras"] = lambda path, good: write(path, b"")
CASES["begun.keras"] = lambda path, good: write(path, b"PK")
CASES["cut.keras"] = lambda path, good: write(path, read(good["keras"])[:-200])
CASES["half.keras"] = lambda path, good: write(path, read(good["keras"])[:4000])
CASES["no_configuration.keras"] = lambda path, good: archive(path, ("metadata.json", "{}"))
CASES["no_json.keras"] = keras_with(config__json="hello")
CASES["no_object.keras"] = keras_with(config__json="[1, 2]")
CASES["no_text.keras"] = keras_with(config__json=b"\xff\xfe\x00\xd8{")
CASES["no_model.keras"] = keras_with(config__json="{}")
CASES["unknown_class.keras"] = keras_with(
    config__json='{"class_name": "Nothing", "config": {}, "module": null, "registered_name": "a>Nothing"}'
)
CASES["deep.keras"] = keras_with(config__json="[" * 200000 + "]" * 200000)
CASES["deep_objects.keras"] = keras_with(config__json='{"a":' * 100000 + "1" + "}" * 100000)
CASES["digits.keras"] = keras_with(config__json='{"a": ' + "9" * 3000000 + "}")
CASES["bomb.keras"] = lambda path, good: bomb(path)
CASES["long.keras"] = keras_with(config__json=b" " * 40000000)
CASES["traversal.keras"] = lambda path, good: archive(path, ("config.json", "{}"), ("../../x", "x"))
CASES["absolute.keras"] = lambda path, good: archive(path, ("config.json", "{}"), ("/tmp/x", "x"))
CASES["many.keras"] = lambda path, good: archive(
    path, *((str(number), "") for number in range(11000)), compression=zipfile.ZIP_STORED
)
CASES["lzma.keras"] = lambda path, good: archive(path, ("config.json", "{}"), compression=zipfile.ZIP_LZMA)
CASES["no_weights.keras"] = lambda path, good: archive(
    path, *((name, content) for name, content in members(good).items() if not name.endswith(".h5"))
)
CASES["cut_weights.keras"] = keras_with(model__weights__h5=b"\x89HDF\r\n\x1a\n" + bytes(100))
CASES["absurd_weights.keras"] = keras_with(model__weights__h5=bytes_of(absurd))


@case
def lying_keras(path, good):
    """A configuration of 400 MB that says it has 100 bytes."""
    path = bomb(path + ".keras")
    content = read(path).replace((400000000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    return write(path, content)


def h5_with(change):
    def make(path, good):
        shutil.copy(good["h5"], path)
        with h5py.File(path, "r+") as file:
            change(file)
        return path

    return make


def configured(value):
    def change(file):
        del file.attrs["model_config"]
        if value is not None:
            file.attrs["model_config"] = value

    return h5_with(change)


def linked(file):
    file["elsewhere"] = h5py.ExternalLink("/etc/hostname.h5", "/x")


def stored_elsewhere(file):
    file.create_dataset("x", shape=(4,), dtype="u1", external=[("/etc/hostname", 0, 4)])


def virtual(file):
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(4,))
    file.create_virtual_dataset("x", layout)


CASES["begun.h5"] = lambda path, good: write(path, b"\x89HDF\r\n\x1a\n")
CASES["half.h5"] = lambda path, good: write(path, read(good["h5"])[: len(read(good["h5"])) // 2])
CASES["cut.h5"] = lambda path, good: write(path, read(good["h5"])[:-20])
CASES["weights_alone.h5"] = configured(None)
CASES["no_json.h5"] = configured("hello")
CASES["number.h5"] = configured(3)
CASES["array.h5"] = configured(np.zeros(1000))
CASES["wide.h5"] = configured(np.bytes_("{}".encode("utf-16")))
CASES["objects.h5"] = configured(["{}", "{}"])
CASES["deep.h5"] = configured("[" * 60000)
CASES["absurd.h5"] = h5_with(lambda file: file.create_dataset("k", shape=(10**6, 10**6), dtype="f4"))
CASES["absurd_chunks.h5"] = lambda path, good: write(path, bytes_of(absurd))
CASES["linked.h5"] = h5_with(linked)
CASES["stored_elsewhere.h5"] = h5_with(stored_elsewhere)
CASES["virtual.h5"] = h5_with(virtual)


def saved_with(change):
    def make(path, good):
        shutil.copytree(good["saved"], path)
        change(path)
        return path

    return make


def model_of(change):
    """Changes the bytes of saved_model.pb."""

    def apply(path):
        name = os.path.join(path, "saved_model.pb")
        write(name, change(read(name)))

    return saved_with(apply)


def absurd_constant(content):
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    model = SavedModel.FromString(content)
    node = model.meta_graphs[0].graph_def.node.add()
    node.name, node.op = "absurd", "Const"
    tensor = node.attr["value"].tensor
    tensor.dtype = node.attr["dtype"].type = 1
    tensor.tensor_shape.dim.add().size = 10**12
    tensor.float_val.append(1.0)
    return model.SerializeToString()


def doubled(content):
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    model = SavedModel.FromString(content)
    functions = model.meta_graphs[0].graph_def.library.function
    functions.add().CopyFrom(functions[0])
    return model.SerializeToString()


def in_folder(name, make):
    def change(path):
        path = os.path.join(path, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.remove(path)
        make(path)

    return saved_with(change)


INDEX, DATA = "variables/variables.index", "variables/variables.data-00000-of-00001"
CASES["empty_saved"] = model_of(lambda content: b"")
CASES["cut_saved"] = model_of(lambda content: content[: len(content) // 2])
CASES["text_saved"] = model_of(lambda content: b"hello, world, this is no protocol buffer")
CASES["no_graph_saved"] = model_of(lambda content: b"\x08\x01")
CASES["constant_saved"] = model_of(absurd_constant)
CASES["doubled_saved"] = model_of(doubled)
CASES["folder_saved"] = in_folder("saved_model.pb", os.mkdir)
CASES["pipe_saved"] = in_folder("saved_model.pb", os.mkfifo)
CASES["no_index_saved"] = in_folder(INDEX, lambda path: None)
CASES["no_data_saved"] = in_folder(DATA, lambda path: None)
CASES["cut_data_saved"] = in_folder(DATA, lambda path: write(path, b"\0"))
CASES["no_variables_saved"] = in_folder("variables", lambda path: None)
CASES["pipe_data_saved"] = in_folder(DATA, os.mkfifo)
CASES["device_saved"] = in_folder("assets/words.txt", lambda path: os.symlink("/dev/zero", path))
CASES["circle_saved"] = in_folder("assets/words.txt", lambda path: os.symlink(path, path))


def placed(make, ending):
    def at(path, good):
        make(path + ending)
        return path + ending

    return at


CASES["a_pipe"] = placed(os.mkfifo, ".keras")
CASES["a_folder"] = placed(os.mkdir, ".keras")
CASES["a_device"] = placed(lambda path: os.symlink("/dev/zero", path), ".h5")
CASES["a_circle"] = placed(lambda path: os.symlink(path, path), ".keras")
CASES["leads_nowhere"] = placed(lambda path: os.symlink("nothing.h5", path), ".h5")
#: These are whole.
for kind, ending in (("keras", ".keras"), ("h5", ".h5")):
    CASES["whole" + ending] = lambda path, good, kind=kind: shutil.copy(good[kind], path)
CASES["whole_saved"] = saved_with(lambda path: None)


def write_good(folder):
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(8), tf.keras.layers.Dense(1)])
    good = {name: os.path.join(folder, "good." + name) for name in ("keras", "h5", "saved")}
    model.save(good["keras"])
    model.save(good["h5"])
    model.export(good["saved"], verbose=False)
    return good


def fuzz(good, folder, rounds):
    """Changes bytes of good files, and looks at them without loading. What was raised but our errors."""
    chance = random.Random(1)
    raised = []
    for kind, path in good.items():
        name = os.path.join(path, "saved_model.pb") if kind == "saved" else path
        content = read(name)
        for _ in range(rounds):
            changed = bytearray(content)
            for _ in range(chance.choice((1, 1, 4, 32))):
                changed[chance.randrange(len(changed))] = chance.choice((0, 255, chance.randrange(256)))
            changed = changed[: chance.choice((len(changed), len(changed), chance.randrange(len(changed))))]
            try:
                if kind == "saved":
                    place = os.path.join(folder, "fuzzed")
                    os.makedirs(place, exist_ok=True)
                    write(os.path.join(place, "saved_model.pb"), changed)
                    saved = SavedModelFile(place)
                    list(saved.risks())
                    list(saved.keras_risks())
                    continue
                place = write(os.path.join(folder, "fuzzed." + kind), changed)
                whose = Whose(place, "target", "not_a_model")
                look = keras_files.archive_documents if kind == "keras" else keras_files.hdf5_documents
                for document in look(whose):
                    list(risks(document))
                if kind == "keras":
                    keras_files.check_archived_weights(whose)
            except RecorderError:
                continue
            except Exception as error:
                raised.append(f"{kind}: {error!r}")
    return raised


def most_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(folder):
    good = write_good(folder)
    for name, make in CASES.items():
        path = make(os.path.join(folder, name), good)
        began, before = time.monotonic(), most_bytes()
        said = None
        try:
            target.check(path)
            target.load(path, None, None, False)
        except RecorderError as error:
            said = [error.kind, error.message, error.advice]
        outcome = {
            "name": name,
            "said": said,
            "seconds": time.monotonic() - began,
            "bytes": most_bytes() - before,
        }
        print("CASE " + json.dumps(outcome), flush=True)
    print("FUZZED " + json.dumps(fuzz(good, folder, 150)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
