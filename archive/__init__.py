"""The shelf: stored captures, the published database, the site. Imports no other room.

On disk, below the data folder:

    warc/<portal>/<portal>-<run>-<serial>.warc.gz   sealed, never changed again
    warc/<portal>/….warc.gz.open                    being written, or waiting to be continued
    captures.db                                     index of captures and runs, derived
    gongkai.db                                      the working database, written by `pipelines`
    public/<version>/                               a publication, never changed again: gongkai.db (with
                                                    the rows of all versions before),
                                                    files/ (each table in three formats), what describes
                                                    them, and what they are checked by
    unfinished                                      there while something is begun and not yet published
    logs/<day>.jsonl                                what commands did, one JSON object a line
    locks/                                          one lock per portal, specimen's host, index and loader

Locks of public hosts are shared by all archives of a user: they lie in ~/.cache/gongkai/locks, or
below the folder that GONGKAI_LOCKS names.

What goes in are exchanges (`runs.RunWriter.store`); what comes out are captures
(`index.Index.capture`) and publications.
"""
