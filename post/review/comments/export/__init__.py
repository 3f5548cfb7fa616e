"""Notes for editors: as markers of a timeline, as a table, and as a still with its drawing."""
