"""Type that comes with panels, bars and second lines: lower thirds, cards, countdowns."""
