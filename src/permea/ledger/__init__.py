"""Ledger: what crossed the boundary, and can anybody check it?"""
