"""Good returns of every format, damaged in seeded ways, read and judged by the product's own code (``make fuzz``).

An exception, a reading that does not end, and a number taken that LibreOffice does not show in that cell are finds. ``goods``
are what is damaged; ``raw``, ``markup``, ``packages``, ``workbooks``, ``opendocuments``, ``records``, ``separated`` and ``sheet``
are the ways; ``mutants`` puts them together. ``trial`` has a mutant judged, ``office`` asks LibreOffice, ``state`` keeps what was
found, ``rates`` counts it.
"""
