MINE = "recorder"
