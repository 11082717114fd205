MINE = "program"
