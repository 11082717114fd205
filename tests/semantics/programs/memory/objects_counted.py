import gc

from tiny import model, x

for _ in range(10):
    model.predict(x, verbose=0)
    model(x)
grown = []
for _ in range(8):
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(10):
        model.predict(x, verbose=0)
        model(x)
    gc.collect()
    grown.append(len(gc.get_objects()) - before)
# What is kept of each call grows in each of them; an instrument that is loaded, in some.
print("grown:", min(grown) > 50)
