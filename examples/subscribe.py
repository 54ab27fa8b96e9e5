"""Prints gestures and estimates as they happen: `python examples/subscribe.py [ENDPOINT]`."""

import sys

from engine.messages import EmotionEstimate, GestureEvent
from engine.wire.subscriber import Subscriber

endpoint = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5590"
with Subscriber(endpoint) as feed:
    try:
        for item in feed:
            body = item.message.body
            if item.lost_before:
                print(f"({item.lost_before} messages lost)")
            if isinstance(body, GestureEvent) and body.state != "update":
                print(f"{body.state:5}  {body.label:16}  {body.score:.2f}")
            elif isinstance(body, EmotionEstimate) and body.valid:
                print(f"       positive {body.p_positive:.2f}  negative {body.p_negative:.2f}")
    except KeyboardInterrupt:
        pass
