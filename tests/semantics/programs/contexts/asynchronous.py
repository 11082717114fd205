import asyncio

from tiny import model, x


async def work(number):
    await asyncio.sleep(0)
    return number, model.predict(x, verbose=0).shape, asyncio.current_task().get_name()


async def main():
    loop = asyncio.get_running_loop()
    print(
        "loop:", type(loop).__name__, loop.get_debug(), loop.slow_callback_duration, len(asyncio.all_tasks())
    )
    print("results:", await asyncio.gather(*(work(number) for number in range(3))))
    print("in a thread:", (await asyncio.to_thread(model.predict, x, verbose=0)).shape)
    print("executor:", (await loop.run_in_executor(None, model, x)).shape)


asyncio.run(main())
print("policy:", type(asyncio.get_event_loop_policy()).__name__, asyncio._get_running_loop())
