"""The feed and the recording: everything that leaves the process or comes back from a file."""
