"""Says what `verify` found, and looks at the picture for it."""
