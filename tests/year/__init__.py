"""A simulated year: portals that change with the date, and what must be seen of it, told by hand."""
