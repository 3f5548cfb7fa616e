"""Makes the picture: the kernel, and every stage that changes or adds to it."""
