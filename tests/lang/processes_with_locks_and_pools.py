"""multiprocessing and process pools: semaphores, queues, events, exceptions from children."""
import concurrent.futures
import multiprocessing
import _multiprocessing
import os


def square(x):
    return x * x


def fail(x):
    raise ValueError(x)


def count(lock, connection, rounds):
    for _ in range(rounds):
        with lock:
            connection.send(os.getpid())
    connection.close()


def fill(queue, event):
    event.wait()
    for i in range(5):
        queue.put(i * i)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    for kind, lock in (("Lock", context.Lock()), ("RLock", context.RLock())):
        print(kind, lock.acquire(), lock.acquire(timeout=0.01), lock)
        lock.release()
    for bad in (lambda: context.RLock().release(), lambda: context.BoundedSemaphore(1).release(),
                lambda: _multiprocessing.sem_unlink("/none-of-this-name"),
                lambda: _multiprocessing.SemLock(7, 1, 1, "/name", True)):
        try:
            bad()
        except (AssertionError, ValueError, OSError) as e:
            print(type(e).__name__, e)
    lock, (receiving, sending) = context.Lock(), context.Pipe(False)
    children = [context.Process(target=count, args=(lock, sending, 50)) for _ in range(2)]
    for child in children:
        child.start()
    sending.close()
    pids = []
    try:
        while True:
            pids.append(receiving.recv())
    except EOFError:
        pass
    for child in children:
        child.join()
    print(sorted(map(pids.count, set(pids))), [child.exitcode for child in children])

    queue, event = context.Queue(), context.Event()
    child = context.Process(target=fill, args=(queue, event))
    child.start()
    event.set()
    print([queue.get(timeout=20) for _ in range(5)])
    child.join()

    for method in "fork", "forkserver", "spawn":
        pool = concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method))
        with pool:
            print(method, list(pool.map(square, range(10))))
            try:
                pool.submit(fail, 3).result()
            except ValueError as e:
                print(repr(e), type(e.__cause__).__name__)
    with context.Pool(2) as pool:
        print(pool.map(square, range(5)), pool.apply_async(square, (9,)).get(20))
