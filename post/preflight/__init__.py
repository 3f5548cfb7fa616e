"""Checks a plan before anything is rendered, on frames of the film where that is needed."""
