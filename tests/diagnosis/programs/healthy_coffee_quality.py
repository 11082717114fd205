"""Learn to grade roasted coffee beans from pictures, then grade this morning's bag."""

import keras
import numpy as np
from keras import layers

GRADES = 4


def pictures(count, seed):
    rng = np.random.default_rng(seed)
    grades = rng.integers(0, GRADES, count)
    images = rng.random((count, 48, 48, 3), "float32") * 0.5
    images[:, 16:32, 16:32, 0] += (grades * 0.15).astype("float32")[:, None, None]
    return images, grades


def build():
    keras.utils.set_random_seed(300)
    model = keras.Sequential(
        [
            keras.Input((48, 48, 3)),
            layers.Conv2D(24, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(GRADES, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def main():
    model = build()
    images, grades = pictures(1500, 301)
    model.fit(images, grades, batch_size=50, epochs=4, verbose=0)
    bag, truth = pictures(400, 302)
    graded = model.predict(bag, batch_size=100, verbose=0)
    print("beans", len(graded), "better than chance", bool((graded.argmax(1) == truth).mean() > 0.3))


if __name__ == "__main__":
    main()
