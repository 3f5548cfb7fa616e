"""What a job says of its disclosure: the policies that its films are to meet, and what is declared about them."""
