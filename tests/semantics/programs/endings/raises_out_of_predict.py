#: closer 1
from tiny import model, np

model.predict(np.ones((8, 4), "float32"), verbose=0)
model.predict(np.ones((2, 7), "float32"), verbose=0)
