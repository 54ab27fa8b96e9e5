"""One module a command: each takes parsed options and gives an exit code."""
