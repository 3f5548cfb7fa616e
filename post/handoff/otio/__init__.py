"""OpenTimelineIO: timelines and bundles, written without loss and read with every retime."""
