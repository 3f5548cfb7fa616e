"""Joins what was rendered into files, nothing encoded again.

join_segments(rendition, segments, sound, path, labels)   a film: its segments, its sound, its captions and its labels
copy_with_timecode(part, path, timecode, clock)           one segment's picture, with a timecode track
"""

from post.deliver.mux.film import (
    OpenPart,
    SegmentError,
    copy_with_timecode,
    exact_lengths,
    join_segments,
    range_title,
)

__all__ = [
    "OpenPart",
    "SegmentError",
    "copy_with_timecode",
    "exact_lengths",
    "join_segments",
    "range_title",
]
