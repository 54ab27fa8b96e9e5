"""Threads, channels and timing around the pure stages."""
