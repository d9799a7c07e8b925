"""``yingxu replay``: a service log goes through the product, by the verbs that people use."""
