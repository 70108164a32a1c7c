"""Gengduo (更多): turn a folder of Chinese news texts into a bilingual static newspaper."""

__version__ = "0.1.0"
