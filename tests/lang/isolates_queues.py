"""Queues and channels between interpreters: order, bounds, items whose sender has ended, threads on both ends."""
import _interpchannels
import threading
from concurrent import interpreters


def attempt(what, *args, **kwargs):
    try:
        print(what(*args, **kwargs))
    except Exception as e:
        print(f'{type(e).__name__}: {e}')


def echo(requests, replies):
    while True:
        item = requests.get()
        if item is None:
            return
        replies.put((item, type(item).__name__))


def main():
    interp = interpreters.create()
    requests, replies = interpreters.create_queue(), interpreters.create_queue(maxsize=3)
    print(replies.maxsize, replies.empty(), replies.full(), requests == interpreters.Queue(requests.id))

    print('-- an echo in another interpreter')
    worker = interp.call_in_thread(echo, requests, replies)
    for item in (1, 'two', (3, 4.0), [5, {6: 7}], requests):
        requests.put(item)
        got, kind = replies.get()
        print(got if kind != 'Queue' else got is requests, kind)
    requests.put(None)
    worker.join()

    print('-- bounds')
    for i in range(3):
        replies.put_nowait(i)
    attempt(replies.put_nowait, 3)
    attempt(replies.put, 3, timeout=0)
    print(replies.qsize(), [replies.get() for _ in range(3)])
    attempt(replies.get_nowait)

    print('-- items whose interpreter has ended')
    interp.prepare_main(q=requests)
    interp.exec('''if True:
        from concurrent.interpreters import _queues
        q.put(1, unbounditems=_queues.UNBOUND)
        q.put(2, unbounditems=_queues.UNBOUND_ERROR)
        q.put(3, unbounditems=_queues.UNBOUND_REMOVE)
        q.put([4])''')
    requests.put(5)
    print(requests.qsize())
    interp.close()
    print(requests.qsize())
    for _ in range(requests.qsize()):
        attempt(requests.get)

    print('-- channels')
    cid = _interpchannels.create(3)
    attempt(_interpchannels.recv, cid)
    attempt(_interpchannels.recv, cid, 'default')
    attempt(_interpchannels.send, cid, 'late', timeout=0.01)
    print(_interpchannels.get_count(cid))
    received = []
    sender = threading.Thread(target=lambda: received.append(_interpchannels.send(cid, 'waited for')))
    sender.start()
    while not received:
        try:
            print(_interpchannels.recv(cid))
            break
        except _interpchannels.ChannelEmptyError:
            pass
    sender.join()
    print(received, _interpchannels.list_interpreters(cid, send=True))
    _interpchannels.send(cid, 'left', blocking=False)
    attempt(_interpchannels.close, cid)
    attempt(_interpchannels.close, cid, send=True)
    attempt(_interpchannels.send, cid, 'more', blocking=False)
    attempt(_interpchannels.recv, cid)
    attempt(_interpchannels.recv, cid)
    print(_interpchannels.get_info(cid))
    attempt(_interpchannels.destroy, cid)
    attempt(_interpchannels.recv, cid)


main()
