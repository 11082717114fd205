import cProfile
import pstats

from tiny import model, x


def mine():
    return model(x)


def own_predict():
    return model.predict(x, verbose=0)


for _ in range(60):
    mine()
profiler = cProfile.Profile()
profiler.enable()
for _ in range(60):
    mine()
for _ in range(10):
    own_predict()
profiler.disable()
counts = {key[2]: value[0] for key, value in pstats.Stats(profiler).stats.items()}
print("calls:", counts.get("mine"), counts.get("own_predict"))
print(
    "of the recorder:",
    sorted({key[0].rpartition("/")[2] for key in pstats.Stats(profiler).stats if "keras_profile" in key[0]}),
)
