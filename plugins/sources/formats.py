"""Formats that FFmpeg can show but nobody calls a video."""

# Any text at all becomes the screen of an old terminal, any bytes text-mode art.
TEXT_FORMATS = ("tty", "bin", "xbin", "adf", "idf")
