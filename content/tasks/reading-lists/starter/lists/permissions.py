"""Who may do what with a reading list."""
