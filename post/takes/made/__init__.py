"""Makes pictures and sound that no camera and no generator made: clips of the demo and of tests."""
