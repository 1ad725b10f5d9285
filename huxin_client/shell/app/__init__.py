"""`huxin app`: a resident's app, for trying and support."""
