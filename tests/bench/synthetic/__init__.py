"""A synthetic archive with the shape of the real thing, written straight into the database.

`python -m tests.bench.synthetic --reports 10000 --data DIR`. The divisions are real; agencies, portals, texts
and numbers are specimens of our own making, and say so in their names (样本). Equal arguments give equal
rows.

* `country`: divisions, agencies, portals
* `runs`: when each portal was crawled, and what became of it
* `figures`, `printing`, `texts`: the numbers and the words of one report, and how they are printed
* `lives`: where a report stands, when, and what becomes of it
* `rows`: from a report's life to rows; ids, findings and indicators are those of `pipelines`
* `people`: corrections, decisions to withhold, re-extractions
* `writing`: the database; what several reports have part in is settled by `pipelines` itself
* `publishing`: the publication, of which a bench of the site needs the database alone
"""
