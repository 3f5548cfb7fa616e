"""FCP7 XML (xmeml): as Final Cut Pro 7, Premiere Pro and Resolve have it."""
