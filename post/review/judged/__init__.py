"""What checks and credentials say of a revision, worked out once and kept; and the numbers of a review."""
