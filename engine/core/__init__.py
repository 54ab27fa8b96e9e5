"""The pure part, shared by live, replay and tests: no threads, sockets or clock reads."""
