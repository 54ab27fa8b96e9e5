"""The logic of the benchmarks; they are not run here."""
