"""`python -m benchmarks gpu` where there is no GPU: on a backend that only pretends."""
