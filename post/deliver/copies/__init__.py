"""Copies of finished films for people to look at, beside the films themselves."""
