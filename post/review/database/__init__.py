"""The database of a review: its tables, how it is opened, and the steps from one schema to the next."""
