from tiny import model, x

first = model.predict(x, verbose=0).shape
second = model(x)
result = model.predict(x, verbose=0)
print("end:", first, second.shape)
