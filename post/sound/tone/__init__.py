"""Room tone: found in a clip's quiet parts, made again as noise, and laid where the shots are silent."""
