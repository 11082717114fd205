import tensorflow as tf

from tiny import keras, model, np, x


class Array(np.ndarray):
    pass


np.save("mapped", x)
kinds = {
    "array": x,
    "tensor": tf.constant(x),
    "variable": tf.Variable(x),
    "fortran": np.asfortranarray(x),
    "strided": np.ones((16, 8), "float32")[::2, ::2],
    "subclass": x.view(Array),
    "integers": x.astype("int64"),
    "doubles": x.astype("float64"),
    "booleans": x > 3,
    "bytes": x.astype("uint8"),
    "mapped": np.load("mapped.npy", mmap_mode="r"),
    "tuple": (x,),
    "in a list": [x],
    "one row": x[:1],
    "halves": x.astype("float16"),
    "keras": keras.ops.convert_to_tensor(x),
    "masked": np.ma.masked_greater(x, 3),
}
readonly = x.copy()
readonly.setflags(write=False)
kinds["read only"] = readonly
for name, value in kinds.items():
    for label, call in (
        ("predict", lambda v: model.predict(v, verbose=0)),
        ("call", model),
        ("on batch", model.predict_on_batch),
    ):
        try:
            result = call(value)
            print(
                name + ",",
                label + ":",
                type(result).__name__,
                np.asarray(result).sum(),
                np.asarray(result).dtype,
            )
        except Exception as error:
            print(name + ",", label + ":", type(error).__name__, str(error).replace("\n", "|")[:200])
