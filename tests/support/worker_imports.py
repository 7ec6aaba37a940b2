"""What the products need, imported once by the server that the tests' workers are forked from, not by each worker again."""

from __future__ import annotations

from pipeline.processes.ahead import PRODUCTS, get_ready

get_ready(PRODUCTS)
