import gc

from tiny import model, x

for _ in range(10):
    model.predict(x, verbose=0)
    model(x)
gc.collect()
before = len(gc.get_objects())
for _ in range(25):
    model.predict(x, verbose=0)
    model(x)
gc.collect()
print("grown:", len(gc.get_objects()) - before > 100)
