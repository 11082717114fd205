#: flags -c "import tiny, sys; print(sys.argv, __name__, tiny.model.predict(tiny.x, verbose=0).tolist())"
# What runs is the text above, which finds ``tiny`` beside this file.
