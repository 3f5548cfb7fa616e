"""Tests of provenance/approval."""
