"""Shows a film while it is made: a contact sheet, its first seconds, then all of it, in a browser."""
