"""Plans captions: when each is seen, where it stands, and what lies beside the film.

timing    a file's captions on the film's clock
place     those that are burnt in, as layers out of the way of others
outputs   those of sidecars and tracks
checks    what is hard to read
"""
