"""Says what the picture of a clip is, and reads pictures with their transparency."""
