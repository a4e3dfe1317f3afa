"""Proving, moving and withholding what is kept."""
