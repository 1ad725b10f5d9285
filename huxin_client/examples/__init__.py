"""One small program per audience; each is run by the tests against a running alliance."""
