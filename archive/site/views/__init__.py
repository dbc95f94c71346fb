"""The pages of our own, one module each: what was asked goes in, the data of one page comes out."""
