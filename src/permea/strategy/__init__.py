"""Strategy: why does the firm open its boundary, and how far?"""
