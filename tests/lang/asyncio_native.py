"""Native futures and tasks: states, callbacks, cancellation, eager start, wrong uses and their messages."""
import asyncio
import contextvars
import gc
import threading

variable = contextvars.ContextVar("variable", default="unset")


def show(function, *args, **kwargs):
    try:
        print(function.__name__, function(*args, **kwargs))
    except BaseException as error:
        print(function.__name__, type(error).__name__, error)


class Duck:
    """The future protocol by hand."""

    _asyncio_future_blocking = False

    def __init__(self, loop):
        self.loop, self.callbacks = loop, []

    def get_loop(self):
        return self.loop

    def add_done_callback(self, callback, *, context):
        self.loop.call_soon(callback, self, context=context)

    def result(self):
        return "duck"

    def cancel(self, msg=None):
        return False

    def __await__(self):
        self._asyncio_future_blocking = True
        yield self
        return self.result()


class Yields:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def returns(value, turns=0):
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


async def fails(error):
    await asyncio.sleep(0)
    raise error


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    print(type(future).__module__, type(asyncio.current_task()).__module__, future._state, future.done(), future.cancelled())
    show(future.result)
    show(future.exception)
    calls = []
    callback = calls.append
    future.add_done_callback(callback)
    future.add_done_callback(callback)
    future.add_done_callback(lambda f: calls.append("last"))
    print(len(future._callbacks), future.remove_done_callback(callback), len(future._callbacks))
    future.add_done_callback(callback)
    future.set_result(1)
    show(future.set_result, 2)
    print(future.cancel(), await future, calls)
    await asyncio.sleep(0)
    print(["last" if c == "last" else c is future for c in calls], future)

    future = loop.create_future()
    show(future.set_exception, 5)
    show(future.set_exception, StopIteration(3))
    try:
        await future
    except RuntimeError as error:
        print(error, repr(error.__cause__))
    future = loop.create_future()
    future.set_exception(KeyError)
    print(repr(future.exception()), future._log_traceback)
    future = loop.create_future()
    print(future.cancel("why"), future.cancelled(), future._cancel_message)
    show(future.result)

    task = asyncio.create_task(returns("value", 2), name="named")
    print(task.get_name(), task.done(), task in asyncio.all_tasks(), await task, task in asyncio.all_tasks(), task.get_coro() is None)
    task.set_name(5)
    print(task.get_name(), task)
    show(task.set_result, 1)
    show(task.set_exception, 1)
    show(asyncio.Task, 5, loop=loop)
    for error in (ValueError("bad"), asyncio.CancelledError("inner")):
        task = asyncio.create_task(fails(error))
        try:
            await task
        except BaseException as caught:
            print(type(caught).__name__, caught, task.cancelled())

    async def stubborn():
        for turn in range(3):
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError as error:
                print("cancelled", turn, error.args, asyncio.current_task().cancelling(), asyncio.current_task().uncancel())
        return "gave up"

    task = asyncio.create_task(stubborn())
    for turn in range(3):
        await asyncio.sleep(0)
        task.cancel(f"turn {turn}")
    print(await task, task.cancelling())

    variable.set("outer")
    task = asyncio.create_task(returns(0))
    print(task.get_context()[variable], await asyncio.create_task(returns(1), context=contextvars.Context()))

    order = []

    async def eager():
        order.append("started")
        print(asyncio.current_task().get_name())
        await asyncio.sleep(0)
        order.append("resumed")
        return 7

    task = asyncio.Task(eager(), loop=loop, eager_start=True, name="eager")
    order.append("made")
    print(order, await task, order, asyncio.Task(returns(8), loop=loop, eager_start=True).done())

    print(await Duck(loop))
    other = asyncio.new_event_loop()
    for value in (5, object, (i for i in ()), other.create_future(), loop.create_future()):
        try:
            await Yields(value)
        except RuntimeError as error:
            print(str(error).split(" ")[:4])
    other.close()
    try:
        await asyncio.current_task()
    except RuntimeError as error:
        print(str(error).split("<")[0])
    print(sorted(await asyncio.gather(*(returns(i, i % 3) for i in range(20)))))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(returns(i)) for i in range(3)]
    print([t.result() for t in tasks])
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError:
        print("timeout")
    seen = []
    thread = threading.Thread(target=lambda: seen.append(asyncio.current_task(loop)))
    thread.start()
    thread.join()
    print(seen[0] is asyncio.current_task())
    handled = []
    loop.set_exception_handler(lambda loop, context: handled.append(context["message"]))
    loop.create_future().set_exception(ValueError())
    lost = asyncio.Task(returns(0, 1), loop=loop)
    lost.cancel()
    del lost
    await asyncio.sleep(0.01)
    gc.collect()
    print(handled)


asyncio.run(main())
show(asyncio.get_running_loop)
show(asyncio.current_task)
