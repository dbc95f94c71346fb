"""Portals of our own on loopback, for the demo and the tests; every page says what it is.

In: a data folder, in which `specimens.toml` keeps the ports (it is an ordinary portals
file). Out: two running portals, a city's and a county's, each like one real site
software, and `plan`, which says what is planted on them and what a right reading gives.

    statute        the official tables, written out apart from `pipelines`
    figures        figures that add up; `faults` some that do not
    huanhu         the city's plan; `jingshan` the county's; `plan` both
    printing       how numbers are printed; `tables` the tables in four kinds of markup
    articles       bodies of detail pages; `parts` reports beside their page
    pages          what both softwares print
    createpagehtml the city's software; `jpage` the county's
    server         HTTP on loopback, one port each
"""
