"""FFmpeg's filters on single pictures: chains read as text, tried with made pictures, and run."""
