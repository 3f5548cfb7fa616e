"""Takes films in: what a reviewer needs of each revision is made once and kept."""
