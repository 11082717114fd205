from tiny import model, np, x

model.predict(x, verbose=0)
try:
    try:
        model(np.ones((2, 7), "float32"))
    except ValueError as error:
        raise LookupError("another") from error
except LookupError as error:
    error.add_note("a note of mine")
    raise ExceptionGroup("several", [error, OSError(5, "text")])
