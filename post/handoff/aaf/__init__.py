"""AAF as Avid Media Composer writes it, read with its retimes, which OpenTimelineIO's adapter keeps as metadata."""
