"""The newsletter: who asked for it, with proof."""
