import logging

before = logging.root.level, list(logging.root.handlers), logging.root.disabled, logging.raiseExceptions
from tiny import model, x

model.predict(x, verbose=0)
print("same:", before[0] == logging.root.level, logging.root.disabled, logging.raiseExceptions)
print("loggers:", [name for name in logging.root.manager.loggerDict if "profile" in name])
logging.basicConfig(level=logging.DEBUG, format="%(name)s %(message)s")
model.predict(x, verbose=0)
model(x)
logging.info("mine")
print("class:", logging.getLoggerClass().__name__, logging.getLogRecordFactory().__name__)
