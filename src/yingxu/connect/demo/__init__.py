"""The living demo hospital: a furnished campus, a simulated past made by the loop's own verbs, an afternoon that goes on."""
