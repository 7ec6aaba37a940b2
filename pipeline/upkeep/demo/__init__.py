"""Sample returns of three periods for ``annex2 demo``, one folder per as-of date."""
