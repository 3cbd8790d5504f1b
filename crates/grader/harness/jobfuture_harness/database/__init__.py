"""Django's SQLite backend, with the database at the other end of the stream."""
