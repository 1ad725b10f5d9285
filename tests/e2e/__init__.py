"""The story over HTTP, on both runtimes: nothing in here looks inside a node."""
