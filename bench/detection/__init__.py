"""The detection benchmark: returns with one known fault each, and clean ones, judged by the product's own code.

What a right verdict is comes from the rule catalogue and from the writer of the return (which cell, which value was meant), never
from the product. ``scenes`` are clean returns amid a city's ledger, ``kinds_*`` spoil them in one way each, ``judging`` has them
judged, ``scores`` counts.
"""
