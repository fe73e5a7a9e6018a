"""How fast the newsroom is, as ratios measured in one run: `make bench`."""
