MINE = "thing"
