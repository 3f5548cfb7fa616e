"""Measures what a film shows of its brand: logos, colours, and how its pictures look.

template   a logo as it is searched for: its edges, its ink
logo       finds a logo in a frame; fit measures how it is drawn there
find_logos the logos of a whole film, from when to when
palette    colours of type and graphics against the brand's
tone       light, contrast and colour of each sample
marks      the marks of generators, in the film and on its takes
"""
