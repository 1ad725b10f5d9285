"""`huxin operator`: an operator of scenarios at its city's gateway."""
