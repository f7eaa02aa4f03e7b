"""Disclosures: what do we show to whom, and who has seen what?"""
