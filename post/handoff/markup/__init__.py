"""XML of others, without what makes it dangerous; and DTDs that users point to."""
