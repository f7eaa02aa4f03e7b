"""Dialogue: what is asked and said about it?"""
