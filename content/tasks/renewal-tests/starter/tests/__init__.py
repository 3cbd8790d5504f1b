"""Tests of the library, run with the world that every run begins with."""
