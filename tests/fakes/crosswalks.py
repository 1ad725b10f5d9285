"""Crosswalks in memory: where they are kept, and where they come from."""

from collections import Counter

from contracts.errors import Conflict, Unavailable


class FakeCrosswalks:
    def __init__(self):
        self.kept = {}

    def add(self, published, at):
        key = (published.name, published.version)
        new = key not in self.kept
        if self.kept.setdefault(key, published).digest != published.digest:
            raise Conflict("id_reused", "crosswalk")
        return new

    def digests(self):
        return {key: each.digest for key, each in self.kept.items()}

    def all(self):
        return [self.kept[key] for key in sorted(self.kept)]

    def versions(self, name):
        return [each for each in self.all() if each.name == name]


class FakeCrosswalkOffers:
    def __init__(self):
        self.offers = {}

    def add(self, offer, at):
        self.offers[(offer.sender, offer.name, offer.version)] = (at, offer)

    def pending(self, limit):
        turns = Counter()
        places = []
        for at, offer in sorted(self.offers.values(), key=lambda kept: kept[0]):
            turns[offer.sender] += 1
            places.append((turns[offer.sender], at, offer))
        places.sort(key=lambda place: place[:2])
        return [offer for *_, offer in places][:limit]

    def remove(self, offer):
        self.offers.pop((offer.sender, offer.name, offer.version), None)

    def forget_before(self, moment, limit):
        old = [key for key, (at, _) in self.offers.items() if at < moment][:limit]
        for key in old:
            del self.offers[key]
        return len(old)


class FakeCrosswalkSource:
    """Finds and fetches what a test states; what it was told to refuse is in `refused`."""

    def __init__(self, found=(), offered=None):
        self.at_hand, self.offered, self.refused, self.known = list(found), offered or {}, [], []

    @property
    def size(self):
        return len(self.known)

    def know(self, published):
        self.known = list(published)

    def found(self):
        return self.at_hand

    def fetch(self, offer):
        answer = self.offered.get(offer, Unavailable("unavailable", "silent"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def draft(self, published):
        return published.name

    def refuse(self, offer, error):
        self.refused.append((offer, error.code))
