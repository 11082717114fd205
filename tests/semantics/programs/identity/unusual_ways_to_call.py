from tiny import keras, model, x

print("unbound:", keras.Model.predict(model, x, verbose=0).shape, keras.Model.__call__(model, x).shape)
print(
    "through type:",
    type(model).predict(model, x=x, verbose=0).shape,
    type(model).predict_on_batch(model, x).shape,
)
print("call:", model.call(x).shape, model.__call__(x).shape, keras.layers.Layer.__call__(model, x).shape)
inputs = keras.Input((4,))
outer = keras.Model(inputs, model(inputs))
print("nested:", outer.predict(x, verbose=0).shape, [layer.name[:4] for layer in outer.layers])
print(
    "stateless:", model.stateless_call(model.trainable_variables, model.non_trainable_variables, x)[0].shape
)
print("named:", model.predict(x=x, batch_size=3, verbose=0, steps=None, callbacks=None).shape)
print("step:", model.predict_function is not None, model.predict_step((x,)).shape)
