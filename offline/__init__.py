"""Installation without a network: the wheelhouse, and the proof that it is enough."""
