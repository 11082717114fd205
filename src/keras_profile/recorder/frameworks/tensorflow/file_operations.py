"""Which of TensorFlow's ops and functions, by name, do more than compute, and what that is.

From the table of all ops that releases 2.0 to 2.21 register, reviewed by hand.
"""

from __future__ import annotations

from typing import Any

READS = "reads files"
WRITES = "writes files"
PYTHON = "calls Python functions of this process"
NETWORK = "talks to other processes or machines"
ENDS = "can end this process"
HIDDEN = "runs a program that is in its data and not in the graph"

#: What ops of these names do, whatever they are given.
UNSAFE = {
    READS: """
        CSVDataset CSVDatasetV2 DTensorRestoreV2 ExperimentalCSVDataset ExperimentalLMDBDataset
        ExperimentalMatchingFilesDataset ExperimentalSqlDataset FixedLengthRecordDataset
        FixedLengthRecordDatasetV2 FixedLengthRecordReader FixedLengthRecordReaderV2
        GenerateVocabRemapping ImmutableConst InitializeTRTResource ListSnapshotChunksDataset
        LMDBDataset LMDBReader LoadAndRemapMatrix LoadDataset MatchingFiles MatchingFilesDataset
        ReadFile RecordInput Restore RestoreSlice RestoreV2 Skipgram SnapshotChunkDataset
        SnapshotDatasetReader SnapshotNestedDatasetReader SqlDataset TextLineDataset TextLineReader
        TextLineReaderV2 TFRecordDataset TFRecordDatasetV2 TFRecordReader TFRecordReaderV2
        WholeFileReader WholeFileReaderV2
    """,
    WRITES: """
        CalibrationStatisticsSaver CloseSummaryWriter CreateSummaryDbWriter CreateSummaryFileWriter
        DatasetToTFRecord DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount
        DebugNumericSummary DistributedSave DumpTensor ExperimentalDatasetToTFRecord FlushSummaryWriter
        ImportEvent MergeV2Checkpoints Save SaveDataset SaveDatasetV2 SaveSlices SaveV2
        SerializeTRTResource SnapshotDataset SnapshotDatasetV2 StatsAggregatorSetSummaryWriter
        SummaryWriter WriteAudioSummary WriteFile WriteGraphSummary WriteHistogramSummary
        WriteImageSummary WriteRawProtoSummary WriteScalarSummary WriteSummary
    """,
    PYTHON: "EagerPyFunc PyFunc PyFuncStateless",
    NETWORK: """
        _HostRecv _HostSend _Recv _Send BigQueryReader CollectiveInitializeCommunicator
        DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4
        DeleteRpcFutureResource FileSystemSetConfiguration GcsConfigureBlockCache
        GcsConfigureCredentials Recv RegisterDataset RegisterDatasetV2 RemoteCall RpcCall RpcCheckStatus
        RpcClient RpcGetValue RpcServer RpcServerRegister RpcServerStart Send
    """,
    ENDS: "Abort WorkerHeartbeat",
    HIDDEN: """
        _TPUCompileMlir _XlaHostComputeMlir DatasetFromGraph DeserializeIterator IfrtCall
        MlirPassthroughOp RemoteFusedGraphExecute TPUCompile TRTEngineOp XlaCustomCall XlaCustomCallV2
        XlaHostCompute
    """,
}
#: Ops that read or write a file if one of their attributes names one.
UNSAFE_ATTRIBUTES = {
    "DecodeProtoV2": (READS, "descriptor_source"),
    "EncodeProto": (READS, "descriptor_source"),
    "FixedUnigramCandidateSampler": (READS, "vocab_file"),
    "PrintV2": (WRITES, "output_stream"),
}
#: Values of such an attribute that are not files.
_NO_FILES = ("", "local://", "stderr", "stdout", "log(info)", "log(warning)", "log(error)")
#: Ops that keep what they are given in a file, if their input names one.
CACHES = {"CacheDataset": 1, "CacheDatasetV2": 1}
#: Ops that fill tables from a text file, and the number of the input that is the path. This is fine
#: for a file that came with the model.
TABLES_FROM_FILES = {"InitializeTableFromTextFile": 1, "InitializeTableFromTextFileV2": 1}
#: An op whose program may call back into this process, and how such calls are named in it.
COMPILED = "XlaCallModule"
CALLS_BACK = (b"xla_python_", b"xla_ffi_python_", b"_python_cpu_callback", b"_python_gpu_callback")
#: Ops that write and read the checkpoint of a SavedModel, in functions that nothing else calls.
OF_SAVERS = {
    "save": ("SaveV2", "MergeV2Checkpoints", "Save", "SaveSlices"),
    "restore": ("RestoreV2", "Restore"),
}

_REASONS = {name: reason for reason, names in UNSAFE.items() for name in names.split()}

#: Parts of TensorFlow's API whose functions only compute; and names elsewhere that do.
_COMPUTE = (
    "__operators__",
    "audio",
    "bitwise",
    "dtypes",
    "experimental.numpy",
    "image",
    "keras.activations",
    "keras.backend",
    "linalg",
    "math",
    "nest",
    "nn",
    "quantization",
    "ragged",
    "random",
    "sets",
    "signal",
    "sparse",
    "strings",
)
_COMPUTES_TOO = ("debugging.assert_", "debugging.check_numerics", "io.decode_", "io.encode_", "io.parse_")
#: Of these, the ones that still do more: they read a file that describes messages.
_BUT = ("io.decode_proto", "io.encode_proto")
#: The functions at the top that do more than compute.
_NOT_AT_THE_TOP = set(
    """
    Print Session InteractiveSession function import_graph_def load_file_system_library load_library
    load_op_library make_template matching_files numpy_function print py_func py_function read_file
    wrap_function write_file
    """.split()
)
_CLASSES = ("IndexedSlices", "RaggedTensor", "SparseTensor", "Tensor", "TensorShape", "Variable")


def why_unsafe(operation: str) -> str | None:
    """Returns what an op of this name does that needs trust; None if it only computes."""
    return _REASONS.get(operation)


def is_known(operation: str) -> bool:
    """Whether this TensorFlow has an op of that name."""
    from tensorflow.python.framework import op_def_registry

    if hasattr(op_def_registry, "get"):
        return op_def_registry.get(operation) is not None
    # TensorFlow 2.0; the runtime's own ops are not registered in Python.
    return operation in op_def_registry.get_registered_ops() or operation.startswith("_")


def of_attributes(operation: str, attributes: Any) -> str | None:
    """Returns what an op does by its attributes that needs trust, like :func:`why_unsafe`."""
    if operation in UNSAFE_ATTRIBUTES:
        reason, name = UNSAFE_ATTRIBUTES[operation]
        named = attributes[name].s.decode("utf-8", "replace") if name in attributes else ""
        if named not in _NO_FILES:
            return "{} ({})".format(reason, named[:200])
    if operation == COMPILED and any(word in attributes["module"].s for word in CALLS_BACK):
        return PYTHON
    return None


def is_plain_symbol(symbol: object) -> bool:
    """Whether a function of TensorFlow, by its public name after ``tf.``, only computes."""
    if not isinstance(symbol, str):
        return False
    for version in ("compat.v1.", "compat.v2."):
        if symbol.startswith(version):
            symbol = symbol[len(version) :]
    part, _, name = symbol.rpartition(".")
    if part == "raw_ops":
        return name in _raw_operations() and why_unsafe(name) is None and not _names_files(name)
    if not part:
        return name not in _NOT_AT_THE_TOP
    if symbol.startswith(_BUT):
        return False
    return part in _COMPUTE or symbol.startswith(_COMPUTES_TOO)


def is_plain_class(symbol: object) -> bool:
    """Whether a class of TensorFlow, by its public name, is one of tensors."""
    return symbol in _CLASSES


def node_operations(node: Any) -> list[str]:
    """Returns the name of the op of a node that a layer holds: as JSON, or as the bytes of a NodeDef."""
    if isinstance(node, dict):
        return [str(node.get("op"))]
    if isinstance(node, str):
        from tensorflow.core.framework.node_def_pb2 import NodeDef

        return [str(NodeDef.FromString(node.encode("utf-8")).op)]
    return []


def _raw_operations() -> Any:
    import tensorflow

    return dir(tensorflow.raw_ops)


def _names_files(operation: str) -> bool:
    return operation in UNSAFE_ATTRIBUTES or operation in CACHES or operation in TABLES_FROM_FILES


def parse_saved_model(content: bytes) -> Any:
    """Returns the SavedModel protocol buffer in ``content``, read as TensorFlow's loader will."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    return SavedModel.FromString(content)


def asset_files(meta: Any) -> list[Any]:
    """The files that came with a meta graph, each with its ``filename`` and the ``tensor_info`` of its path.

    TensorFlow 1 wrote them into a collection, which is read if there is no list of them.
    """
    from tensorflow.core.protobuf.meta_graph_pb2 import AssetFileDef

    old = meta.collection_def["saved_model_assets"].any_list.value if not meta.asset_file_def else ()
    return [*meta.asset_file_def, *(AssetFileDef.FromString(packed.value) for packed in old)]


def is_keras_object(node: Any) -> bool:
    """Whether Keras' own loader makes an object of a node of a SavedModel's object graph."""
    return bool(node.user_object.identifier.startswith("_tf_keras"))


def keras_metadata(content: bytes) -> list[str]:
    """Returns the configurations, as JSON, in a keras_metadata.pb of TensorFlow 2.5 to 2.15.

    Its message is Keras' own, which is not in the same place in every release. It has one repeated
    field with number 1, whose field 5 is the text.
    """
    return [
        value.decode("utf-8")
        for number, node in _fields(content)
        if number == 1
        for inner, value in _fields(node)
        if inner == 5
    ]


def _fields(content: bytes) -> list[tuple[int, bytes]]:
    """Returns the fields of a protocol buffer that have a length: their numbers and contents.

    Raises ``ValueError`` if it is cut short.
    """
    found = []
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        kind = key & 7
        if kind == 0:
            _, at = _varint(content, at)
            continue
        if kind not in (1, 2, 5):
            raise ValueError("no protocol buffer")
        length, at = (8 if kind == 1 else 4, at) if kind != 2 else _varint(content, at)
        if at + length > len(content):
            raise ValueError("a protocol buffer that is cut short")
        if kind == 2:
            found.append((key >> 3, content[at : at + length]))
        at += length
    return found


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content) and shift < 70:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise ValueError("a protocol buffer that is cut short")
