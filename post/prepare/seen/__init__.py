"""What is seen in takes, looked at and kept before a plan."""
