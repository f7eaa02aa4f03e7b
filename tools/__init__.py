"""Tools for working on Permea: checks, catalogues and reference pages. Not part of the product."""
