"""Finds AI labels in the picture of any film.

find     the search          lines     places of type         reading   a text letter by letter
windows  samples of a film   letters   how letters look       judge     is it that text
track    follows a label through the film
"""
