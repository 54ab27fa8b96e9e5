"""From a frame to joints."""
