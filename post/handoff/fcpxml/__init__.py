"""FCPXML: as Final Cut Pro and DaVinci Resolve write it, and as it is written for them."""
