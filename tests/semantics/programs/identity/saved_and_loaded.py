import zipfile

from tiny import keras, model, x

expected = model.predict(x, verbose=0)
print("config:", model.to_json())
model.save("model.keras")
with zipfile.ZipFile("model.keras") as archive:
    print("names:", archive.namelist())
loaded = keras.models.load_model("model.keras")
print(
    "loaded:",
    (loaded.predict(x, verbose=0) == expected).all(),
    type(loaded).__name__,
    loaded.name == model.name,
)
model.save_weights("some.weights.h5")
model.load_weights("some.weights.h5")
loaded.export("exported", verbose=False)
import tensorflow as tf

served = tf.saved_model.load("exported")
print("exported:", (served.serve(x).numpy() == expected).all())
import os
import shutil

shutil.rmtree("exported")
for name in ("model.keras", "some.weights.h5"):
    os.remove(name)
