"""What is kept: sessions and events in SQLite, with the migrations that make its tables."""
