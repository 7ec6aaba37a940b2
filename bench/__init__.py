"""``make bench``: two ratios, each of two programs run in turn on this machine. Figures to look at; nothing fails on time."""
