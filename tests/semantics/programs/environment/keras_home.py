import os

os.makedirs("settings")
with open("settings/keras.json", "w") as file:
    file.write('{"floatx": "float64", "epsilon": 1e-05}')
os.environ["KERAS_HOME"] = os.path.abspath("settings")
from tiny import keras, model, x

print("floatx:", keras.config.floatx(), keras.config.epsilon())
print("dtype:", model.predict(x, verbose=0).dtype)
