#: closer 1
import h5py

from tiny import model, x

file = h5py.File("results.h5", "w", libver="earliest")
data = file.create_dataset("results", data=model.predict(x, verbose=0), track_times=False)
data.attrs["rows"] = 8
writer = open("after", "w")
writer.write("h5py's file is still open %s\n" % bool(file))
