MINE = "calculations"
