"""Printed codes: choosing places, sheets of labels as PDF, typing a code by hand."""
