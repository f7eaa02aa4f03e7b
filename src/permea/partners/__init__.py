"""Partners: whom do we know outside, and how well?"""
