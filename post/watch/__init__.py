"""Watches a folder: what arrives there whole is finished once, and what cannot be is set aside with the reason."""

from post.watch.journal import Journal, open_journal
from post.watch.options import WatchOptions, WatchSummary
from post.watch.received import Maker, Outcome, Received, error_row
from post.watch.waiting import changes
from post.watch.watcher import Watcher

__all__ = [
    "Journal",
    "Maker",
    "Outcome",
    "Received",
    "WatchOptions",
    "WatchSummary",
    "Watcher",
    "changes",
    "error_row",
    "open_journal",
]
