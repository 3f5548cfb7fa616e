"""Effects of other libraries, frame by frame: FFmpeg's filters, and moviepy's effects."""
