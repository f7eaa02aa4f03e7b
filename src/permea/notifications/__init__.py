"""Notifications: who has to hear of it?"""
