"""What a text on screen is beside approved texts, which `document/claims.py` reads.

plain     a text without what does not matter: variants of dashes, quotes, bullets and spaces
numbers   the numbers in a text, with signs, units and currencies
compare   one text against one approved text
judge     every text of a film against all of them, several lines together where they are one
"""
