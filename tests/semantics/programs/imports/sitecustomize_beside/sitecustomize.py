MINE = "beside the script"
