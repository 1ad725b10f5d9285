"""`huxin settlement`: what this city and others owe each other."""
