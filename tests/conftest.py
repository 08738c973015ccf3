"""What all tests share: hypothesis draws the same examples in every run, and no busy machine makes one too slow."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
