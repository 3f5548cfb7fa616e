"""The page about a check: what each rule asks, what was measured, and the part of the frame that shows it.

page      renders it          evidence  the pictures of its rows          page.html   the template
"""
