"""Insight definitions → SQL. Pure: the clock, the settings and all lookups are passed in."""
