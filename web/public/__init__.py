"""Place names for everybody: looked up, read, cited."""
