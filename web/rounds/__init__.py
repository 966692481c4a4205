"""Rounds of joint inspections over HTTP."""
