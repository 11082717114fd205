#: closer 1
import logging
import logging.handlers

from tiny import model, x

target = logging.FileHandler("log")
memory = logging.handlers.MemoryHandler(1000, target=target)
logging.getLogger().addHandler(memory)
logging.warning("before")
model.predict(x, verbose=0)
logging.error("after %s", model(x).shape)
