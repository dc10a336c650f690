"""How dates and times are written, where Django writes them in another order than people do."""
