"""A county submits its place names, the city checks them by a drawn sample, and accepts or returns them with remarks.

`lifecycle` has the one table of who may lead a submission from which state to which; `drawing` is the draw and
`results` what the verdicts say of the whole, both without a database; `handling` puts them together, `looking` is
what a reader may see of a sample, `sheet` the sample as a workbook to be signed.
"""
