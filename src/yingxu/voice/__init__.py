"""评议: what people say: ratings."""
