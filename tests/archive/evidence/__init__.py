"""Tests of archive.evidence."""
