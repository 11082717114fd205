import gc

from tiny import model, x

phases = []
gc.callbacks.append(lambda phase, info: phases.append(phase))
for _ in range(20):
    model.predict(x, verbose=0)
gc.collect()
print("pairs:", all(one != two for one, two in zip(phases, phases[1:])), len(phases) % 2, len(gc.callbacks))
gc.disable()
for _ in range(20):
    model.predict(x, verbose=0)
print("enabled:", gc.isenabled(), gc.get_threshold())
gc.set_threshold(5, 6, 7)
model.predict(x, verbose=0)
print("threshold:", gc.get_threshold(), gc.get_debug(), gc.garbage)
