"""Writes captions as files: WebVTT, SRT and IMSC 1.1 text."""
