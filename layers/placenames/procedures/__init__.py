"""Procedures for place names (地名业务): applications from the first proposal to the announcement.

`kinds` says what a procedure does, `lifecycle` has the one table of who may lead an application from which state to
which, `deadlines` what is due, `judging` how a proposed name is checked, `effects` what an approval writes into the
register, `handling` puts them together; `documents` makes the forms.
"""
