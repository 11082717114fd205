"""A service of coroutines: each calls the model on the loop's thread, or on another one."""

import asyncio
import sys

import numpy as np
import tensorflow as tf

model = tf.keras.Sequential(
    [tf.keras.layers.Input((20,)), tf.keras.layers.Dense(64), tf.keras.layers.Dense(2)]
)
rows = np.ones((6, 1, 20), "float32")
blocked = 0


async def handle(row):
    global blocked
    await asyncio.sleep(0.002)  # reads the request
    if sys.argv[1] == "free":
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, lambda: model.predict(row, verbose=0))
    blocked += 1
    return model.predict(row, verbose=0)  # here: handle


async def alone():
    for _ in range(12):
        model.predict(rows[0], verbose=0)  # here: alone


async def main():
    if sys.argv[1] == "alone":
        await alone()
        return
    for _ in range(8):
        await asyncio.gather(*(handle(row) for row in rows))


asyncio.run(main())
print("blocked", blocked)
