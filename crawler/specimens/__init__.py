"""Portals of our own on loopback, for the demo and the tests; every page says what it is.

In: a data folder, in which `specimens.toml` keeps the ports (it is an ordinary portals
file). Out: running portals, each like one real site software, and `plan`, which says what is
planted on them and what a right reading gives.

    statute        the official tables, written out apart from `pipelines`
    figures        figures that add up; `faults` some that do not
    huanhu …       the plans of the portals; `plan` all of the demo, `trials` those of the tests
    printing       how numbers are printed; `tables` the tables in four kinds of markup
    articles       bodies of detail pages; `parts` reports beside their page
    pages          what all softwares print; `plain` the frame that most share
    createpagehtml …  the softwares, one module each; `softwares` all of them
    server         HTTP on loopback, one port each
"""
