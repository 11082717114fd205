from tiny import model, np

for name, value in {
    "none": None,
    "text": "text",
    "number": 3.0,
    "empty": np.ones((0, 4), "float32"),
    "wrong": np.ones((2, 5), "float32"),
    "empty list": [],
    "texts": np.array(["a", "b"]),
    "objects": np.array([None, 1], object),
    "flat": np.ones(4, "float32"),
    "set": {1},
}.items():
    for label, call in (
        ("predict", lambda v: model.predict(v, verbose=0)),
        ("call", model),
        ("on batch", model.predict_on_batch),
    ):
        try:
            print(name + ",", label + ":", np.shape(call(value)))
        except Exception as error:
            print(name + ",", label + ":", type(error).__name__, str(error).replace("\n", "|")[:300])
