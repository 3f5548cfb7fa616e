"""What a job says that its finished films are compared with."""
