"""Labelled clips of a data set, models of the zoo fitted to them, and how these compare."""
