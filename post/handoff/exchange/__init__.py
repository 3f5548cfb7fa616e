"""Hand-off and conform as commands do them: the formats, media found, jobs made and updated, shots' colour."""
