"""Builds what a film claims of itself from its receipt: actions, ingredients, soft bindings."""
