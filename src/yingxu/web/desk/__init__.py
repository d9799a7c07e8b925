"""The desk: calls come in, work goes out, nothing is forgotten. By keyboard alone, live."""
