from unittest import mock

from tiny import keras, make, model, x

original = keras.Model.predict
model.predict(x, verbose=0)
with mock.patch.object(keras.Model, "predict", return_value="mocked") as mocked:
    print("class:", model.predict(x), mocked.call_count, keras.Model.predict is mocked)
print("restored:", keras.Model.predict is original, keras.Model.predict.__qualname__)
with mock.patch.object(keras.Model, "predict", autospec=True) as mocked:
    try:
        model.predict(x, nosuch=1)
    except TypeError as error:
        print("specified:", error)
    model.predict(x, verbose=0)
    print("arguments:", mocked.call_args.args[0] is model, mocked.call_args.kwargs)
with mock.patch.object(keras.Model, "__call__", lambda self, inputs: "called"):
    print("call:", model(x))
other = make()
with mock.patch.object(other, "predict", wraps=other.predict) as mocked:
    print("wraps:", other.predict(x, verbose=0).shape, mocked.call_count)
with mock.patch("keras.Model.predict", side_effect=LookupError("mocked")):
    try:
        model.predict(x)
    except LookupError as error:
        print("raised:", error)
print("at last:", keras.Model.predict is original, model(x).shape, model.predict(x, verbose=0).shape)
