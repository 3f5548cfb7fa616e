"""EDL (CMX 3600 and File32): events read from lines, and written as lines."""
