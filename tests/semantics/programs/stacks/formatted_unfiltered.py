import traceback

from tiny import keras, model, np, x

keras.config.disable_traceback_filtering()
model.predict(x, verbose=0)
for call in (model, model.predict):
    try:
        call(np.ones((2, 7), "float32"))
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        print("frames:", [frame.name for frame in frames])
        print("files:", [frame.filename.rpartition("/")[2] for frame in frames])
