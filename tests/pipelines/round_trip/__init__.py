"""Reports filled at random, printed in every format, and compared with what is read from them.

    values   what is printed in one cell, and what it means
    reports  a whole report: paragraphs and tables, with the ways of its clerk
    markup, office, pdf   a report as the bytes of a format
    convert  many documents at a time through LibreOffice and Chromium
    compare  a reading against what was printed

Everything takes a `random.Random`, so that a seed says which document it was. Labels and meanings are written out here and in `template`; none is taken from
`pipelines`.
"""
