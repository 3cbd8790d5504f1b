"""Nothing here: the catalogue is shown from plain rows, see api.py."""
