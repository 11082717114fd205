MINE = "captures"
