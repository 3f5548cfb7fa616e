"""Reads the text that a film shows on screen.

network     the models of PP-OCRv6 in the wheel `rapidocr`, of which nothing is run
detect      where lines of type stand in a frame
recognise   what a line says
words       whether that looks like words of a language
track       one line, followed from sample to sample
find_text   the texts of a whole film, from when to when
"""
