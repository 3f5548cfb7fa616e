"""In-betweens: frames between two frames of a shot, made by the motion between them. Pure functions on planes."""
