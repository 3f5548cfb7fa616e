"""Whom verifications trust: `lists` reads a user's trust lists, `update` adds, renews and removes them."""
