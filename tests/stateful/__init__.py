"""A model test: random events on real ledgers, held against an independent model of what must come of them.

``model`` knows the domain and nothing of the product; ``offices`` drives the product; ``machine`` makes up the events.
"""
