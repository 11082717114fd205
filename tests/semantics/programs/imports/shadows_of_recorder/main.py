import recorder
import protocol
import keras_profile

from tiny import model, x
import startup
import program
import probes
import captures

print("mine:", [one.MINE for one in (recorder, protocol, keras_profile, startup, program, probes, captures)])
print("file:", keras_profile.__file__.rpartition("/")[2])
print("result:", model.predict(x, verbose=0).tolist())
