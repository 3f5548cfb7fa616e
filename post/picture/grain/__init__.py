"""The grain stage, its spectrum, and grain as an AV1 table."""
