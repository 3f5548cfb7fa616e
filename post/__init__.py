"""Answerprint: finishes generated video into signed, labelled, matched films."""

__version__ = "0.1.0"
