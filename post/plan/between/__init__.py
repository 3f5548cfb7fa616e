"""What is shown between source frames: how such frames are made, and which of them a blurred frame is the mean of."""
