"""The commands about archives.

archive       archive, replay          retention     hold, prune
verified      what `verify --replay` adds
"""
