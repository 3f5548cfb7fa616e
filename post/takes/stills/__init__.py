"""Reads stills, animations and image sequences as takes: pictures without a container of moving pictures."""
