import gc

from tiny import model, np, x

drawn = []


def batches(count):
    try:
        for number in range(count):
            drawn.append(number)
            yield (x,)
    finally:
        drawn.append("closed")


for count, steps in ((3, None), (5, 2), (1, None), (100, 4)):
    drawn.clear()
    result = model.predict(batches(count), steps=steps, verbose=0)
    gc.collect()
    # How far Keras reads ahead of the steps is a matter of time.
    print("drawn:", drawn[:steps], "closed" in drawn, result.shape)
source = batches(10)
model.predict(source, steps=2, verbose=0)
drawn.clear()
print("next:", np.shape(next(source)), len(drawn))
drawn.clear()
try:
    model.predict(batches(2), steps=6, verbose=0)
except Exception as error:
    print("error:", type(error).__name__)
print("drawn:", drawn)
