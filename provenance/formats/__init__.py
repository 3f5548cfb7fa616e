"""Reads file formats within bounds: MP4 boxes, JUMBF, CBOR, DER, and where a manifest stands."""
