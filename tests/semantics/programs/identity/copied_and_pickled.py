#: may warn
import copy
import pickle

from tiny import keras, model, x

expected = model.predict(x, verbose=0)
for label, other in (
    ("pickled:", pickle.loads(pickle.dumps(model))),
    ("deep:", copy.deepcopy(model)),
    ("cloned:", keras.models.clone_model(model)),
):
    print(
        label,
        (other.predict(x, verbose=0) == expected).all(),
        type(other).__name__,
        len(vars(other)) == len(vars(model)),
    )
method = pickle.loads(pickle.dumps(model.predict))
print("method:", (method(x, verbose=0) == expected).all(), method.__func__ is keras.Model.predict)
print("function:", pickle.loads(pickle.dumps(keras.Model.predict)) is keras.Model.predict)
print("shallow:", (copy.copy(model).predict(x, verbose=0) == expected).all())
