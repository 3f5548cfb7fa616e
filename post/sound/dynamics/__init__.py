"""Gain that changes in time, at a control rate: peaks and gain are kept for cells of a third of a millisecond.

PeakCells(rate); peak_cells(pcm, rate)      true peaks, one for each cell
stage_reduction(needed, stage, steps)       what one look-ahead stage takes off, in dB
GainCurve                                   the gain of each sample, straight between the edges of cells
"""
