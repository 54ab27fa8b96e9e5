"""Tools that write versioned calibration files; the engine only reads them."""
