"""Keeps results within their deadline: what is shed, when quality is lowered, what is stuck.

Pure logic: nothing here reads a clock or owns a thread. Every method is given `now_ns`, and a lock
in each object lets any thread call it.
"""
