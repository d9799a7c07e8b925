"""The living demo hospital: a campus, a past made by the loop's own verbs, an afternoon that goes on."""
