"""Charts as SVG, drawn here: a page shows them without any script, prints them, and offers them as files.

In goes a chart (`archive.site.series`) and the words of a language, out comes markup. The same chart gives
the same bytes. What is drawn: a light grid from zero, names at the ends of the lines, gaps as gaps, breaks
as breaks. Nothing is told by colour alone: lines have marks, the parts of a bar have patterns.

* `svg`: elements, texts and how wide they are
* `frame`: the ground of a chart: axes, years, forms, breaks, years without numbers
* `lines`, `bars`: what is drawn on it
* `pictures`: a chart in a page, and in a file of its own
"""
