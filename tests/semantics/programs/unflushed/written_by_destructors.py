#: closer 1
from tiny import model, x


class Result:
    def __init__(self, name):
        self.file, self.name = open(name, "w"), name

    def __del__(self):
        self.file.write("the end of %s\n" % self.name)
        self.file.close()
        print("destroyed:", self.name)


first, second = Result("first"), Result("second")
inside = {"third": Result("third")}
ring = Result("ring")
ring.self = ring
model.predict(x, verbose=0)
