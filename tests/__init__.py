"""Tests: they mirror src/, and journeys/ tells what a person does."""
