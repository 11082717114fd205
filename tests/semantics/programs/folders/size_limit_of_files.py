import resource

from tiny import model, x

model.predict(x, verbose=0)
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
results = model.predict(x, verbose=0).tolist(), model(x).shape
with open("refused", "w") as file:
    try:
        file.write("text")
        file.flush()
    except OSError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        print("error:", error.errno)
print("results:", results)
