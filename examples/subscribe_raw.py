"""The same without Fidget's client: any language with ZeroMQ and msgpack can do this.

`python examples/subscribe_raw.py [ENDPOINT]`
"""

import sys

import msgspec
import zmq

endpoint = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5590"
socket = zmq.Context().socket(zmq.SUB)
socket.subscribe("gesture.")  # a prefix; everything below it
socket.connect(endpoint)
expected_seq: dict[str, int] = {}
try:
    while True:
        if not socket.poll(500):  # a bounded wait: Ctrl-C just before it is not lost
            continue
        topic, payload = socket.recv_multipart()
        message = msgspec.msgpack.decode(payload)  # a plain map of two: envelope and body
        envelope, body = message["envelope"], message["body"]
        name = f"{envelope['session']} {topic.decode()}"
        lost = envelope["seq"] - expected_seq.get(name, envelope["seq"])
        expected_seq[name] = envelope["seq"] + 1
        print(f"{topic.decode()} {body['state']:6} {body['label']:16} lost {lost}")
except KeyboardInterrupt:
    socket.close(linger=0)
