"""Captures in, rows in SQLite out.

Everything before `load` is pure: the same bytes give the same cells, in any process.
`read` makes a `Reading` of one capture, `workers` does so in processes that can be
killed, and `load` alone writes the database.
"""
