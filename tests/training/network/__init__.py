"""Tests of the network: its two forms, its reach, its export."""
