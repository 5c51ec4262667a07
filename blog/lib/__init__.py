"""What would make sense in a product without articles."""
