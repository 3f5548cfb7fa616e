"""What is known of files before they are read: their kinds, and how large they may be."""
