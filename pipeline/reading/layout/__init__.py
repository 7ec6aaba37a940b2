"""Where the table stands in a grid, and what stands around it."""

from pipeline.reading.layout.find_table import find_tables, used_rows

__all__ = ["find_tables", "used_rows"]
