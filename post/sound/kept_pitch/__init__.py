"""Stretches sound along a time map and keeps its pitch: tones by a phase vocoder, attacks by windows locked to them."""
