"""Tests of post/signoff."""
