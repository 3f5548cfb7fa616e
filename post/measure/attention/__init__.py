"""What an eye follows in a moving picture: faces, who speaks, what stands out, what moves, and text."""
