"""Gain that changes in time, at a control rate: peaks and gain are kept for cells of a third of a millisecond.

PeakCells(rate, channels, above)            true peaks, one for each cell; peak_cells(pcm, rate) of a whole sound
stage_reduction(needed, stage, steps)       what one look-ahead stage takes off, in dB
GainCurve                                   the gain of each sample, straight between the edges of cells
Master(mix, curve)                          a mix with its gain, made when it is read
MeasuredSound(blocks, ...)                     loudness and peaks, measured as the sound passes by
"""
