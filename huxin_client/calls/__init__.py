"""What each audience may ask, generated: `make contracts`."""
