"""Text of Lottie files, set as shapes: where its outlines come from, and where its letters stand."""
