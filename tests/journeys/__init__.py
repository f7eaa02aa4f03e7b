"""What people do here from beginning to end, with the product as they start it."""
