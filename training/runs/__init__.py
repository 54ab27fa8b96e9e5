"""The folder of a training run, whatever is trained: its files, its configuration, its device."""
