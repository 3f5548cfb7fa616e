"""Stages that are functions of colour, and the curves and tables they use."""
