"""`huxin partner`: this city as another one's gateway sees it."""
