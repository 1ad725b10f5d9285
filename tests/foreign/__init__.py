"""Somebody else's code on our formats: SD-JWT VC and status lists by the npm packages @sd-jwt;
passes by jose."""
