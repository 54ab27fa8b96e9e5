"""Readers of the iMiGUE family of data sets, and of our own recordings with annotations."""
