"""A subscriber that reads slowly; prints what it got and what it saw missing."""

import argparse
import json
import sys
import time

import zmq

from engine.wire.encoder import decode

SLOW_PART = 2 / 3


def main() -> None:
    """Read one message every `--every` seconds for `SLOW_PART` of the time, then all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("endpoint")
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    context = zmq.Context()
    socket = context.socket(zmq.SUB)
    socket.set(zmq.RCVHWM, 10)
    socket.set(zmq.RCVBUF, 32_768)
    socket.subscribe("")
    socket.connect(arguments.endpoint)
    print("ready", flush=True)
    received, lost, expected = 0, 0, None
    start_s = time.monotonic()
    while (elapsed_s := time.monotonic() - start_s) < arguments.seconds:
        if socket.poll(200):
            topic, payload = socket.recv_multipart()
            seq = decode(topic.decode(), payload).envelope.seq
            lost += seq - expected if expected is not None else 0
            expected, received = seq + 1, received + 1
        if elapsed_s < arguments.seconds * SLOW_PART:
            time.sleep(arguments.every)
    json.dump({"received": received, "lost_by_seq": lost}, sys.stdout)
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
