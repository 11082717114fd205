import asyncio

made = []


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        made.append("loop")
        return super().new_event_loop()


asyncio.set_event_loop_policy(Policy())
from tiny import model, x


async def work():
    try:
        async with asyncio.timeout(60):
            return model(x).shape
    finally:
        made.append("finally")


print("result:", asyncio.run(work()), made, type(asyncio.get_event_loop_policy()).__name__)
loop = asyncio.new_event_loop()
loop.call_soon(lambda: (model.predict(x, verbose=0), loop.stop()))
loop.run_forever()
loop.close()
print("made:", made)
