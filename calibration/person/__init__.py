"""`calibrate person`: one person's ordinary sitting, measured."""
