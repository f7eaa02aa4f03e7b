"""Agreements: on what terms does something cross?"""
