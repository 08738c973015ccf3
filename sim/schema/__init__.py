"""The rows of the record and the arrays of the views: names, types, units.  Imports nothing of ``sim``."""
