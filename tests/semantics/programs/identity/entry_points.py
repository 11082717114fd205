import hashlib
import inspect
import pydoc
import types

import keras

before = keras.Model.predict
from tiny import model, x

for _ in range(2):
    model.predict(x, verbose=0)
    model(x)
print(
    "same:", keras.Model.predict is before, model.predict.__func__ is before, model.predict == model.predict
)
for name in ("predict", "predict_on_batch", "__call__", "fit", "predict_step"):
    function = getattr(keras.Model, name)
    print(name + ":", function.__name__, function.__qualname__, function.__module__, type(function).__name__)
    print(name + " signature:", inspect.signature(function))
    print(name + " source:", hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:8])
    print(
        name + " file:",
        inspect.getsourcefile(function).rpartition("/")[2],
        inspect.getsourcelines(function)[1],
    )
    print(name + " wrapped:", hasattr(function, "__wrapped__"), sorted(vars(function)))
    print(
        name + " defaults:",
        function.__defaults__,
        function.__kwdefaults__,
        function.__doc__ and len(function.__doc__),
    )
    print(
        name + " code:",
        function.__code__.co_name,
        function.__code__.co_varnames[:3],
        function.__code__.co_freevars,
    )
    print(name + " help:", hashlib.sha256(pydoc.render_doc(function).encode()).hexdigest()[:8])
print("bound:", isinstance(model.predict, types.MethodType), model.predict.__self__ is model)
print("where:", [one.__name__ for one in type(model).__mro__ if "predict" in vars(one)])
