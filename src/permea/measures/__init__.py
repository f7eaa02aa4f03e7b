"""Measures: what did it bring, and where does it stick?"""
