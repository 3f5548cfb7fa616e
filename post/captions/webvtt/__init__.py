"""Reads WebVTT by the parsing rules of the W3C (https://www.w3.org/TR/webvtt1/, 6), as a browser does."""
