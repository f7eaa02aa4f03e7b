"""Trials: what do customers say of it?"""
