MINE = "chunk"
