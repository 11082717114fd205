MINE = "startup"
