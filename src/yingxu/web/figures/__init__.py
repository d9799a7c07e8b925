"""Figures: what is asked for, where, when; what is to be expected; demand against hands; what nothing fits."""
