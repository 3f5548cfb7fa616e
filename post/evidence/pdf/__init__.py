"""The evidence report as a PDF: the same sections as the page, on A4, with the report's fonts in it.

typeset     breaks text into lines and draws them, in any script that an installed font has
pages       puts lines, pictures and rows of tables on pages
document    the report, block by block
"""
