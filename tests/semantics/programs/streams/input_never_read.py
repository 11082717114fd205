#: stdin nobody reads this\n
import os

print("at:", os.lseek(0, 0, os.SEEK_CUR), os.fstat(0).st_size)
from tiny import model, x

model.predict(x, verbose=0)
print("still at:", os.lseek(0, 0, os.SEEK_CUR))
