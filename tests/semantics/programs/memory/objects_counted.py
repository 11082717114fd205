import gc

from tiny import model, x

for _ in range(30):
    model.predict(x, verbose=0)
    model(x)
gc.collect()
before = len(gc.get_objects())
for _ in range(100):
    model.predict(x, verbose=0)
    model(x)
gc.collect()
print("grown:", len(gc.get_objects()) - before > 300)
