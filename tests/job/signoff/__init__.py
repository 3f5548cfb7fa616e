"""Tests of post/job/signoff."""
