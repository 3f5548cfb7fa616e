"""What a job says of its design: styles of titles, brand tokens, and what platforms cover."""
