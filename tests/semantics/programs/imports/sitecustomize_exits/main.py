#: flags
#: with PYTHONPATH=HERE/lib
print("reached")
