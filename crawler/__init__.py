"""Portals in, WARC out: finds reports and fetches them politely. Never knows what they say."""
