"""Everything with a heavy dependency, found by entry point and imported when asked for."""
