"""The C2PA programme's asset rubrics: `conformance` and integrity as rules, `signals` without pass or fail."""
