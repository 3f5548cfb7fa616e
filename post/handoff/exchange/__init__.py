"""Hand-off and conform as commands do them: the table of formats, media found, jobs made and updated, colour per shot."""
