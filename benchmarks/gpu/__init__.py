"""What a GPU does with the recogniser's network, and in words what could not be asked of one."""
