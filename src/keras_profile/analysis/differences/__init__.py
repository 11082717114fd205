"""What differs between two reports, and how surely."""
