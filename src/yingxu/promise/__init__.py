"""承诺: what we said: a clock for each milestone, its warnings, attainment and the promise board."""
