"""Whether there is an NVIDIA GPU to look for."""

import ctypes
import os

DRIVER = "nvcuda.dll" if os.name == "nt" else "libcuda.so.1"


def driver_trouble() -> str:
    """Why no GPU can be used; empty if the driver is there. Loads it and runs nothing."""
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        return f"no NVIDIA driver was found ({DRIVER} cannot be loaded)"
    return ""
