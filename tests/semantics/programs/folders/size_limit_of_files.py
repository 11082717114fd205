import resource

from tiny import model, x

model.predict(x, verbose=0)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print("result:", model.predict(x, verbose=0).tolist(), model(x).shape)
with open("refused", "w") as file:
    try:
        file.write("text")
        file.flush()
    except OSError as error:
        print("error:", error.errno)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, -1)) if False else None
print("end:", "reached")
