MINE = "keras_profile"
