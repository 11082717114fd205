"""Wording of an interpreter and its machine."""

from __future__ import annotations

from ...model.environment import Environment


def machine(known: Environment) -> str:
    """Versions and machine in one line."""
    parts = [f"Python {known.python}"]
    parts += [
        f"{label} {version}"
        for label, version in (("TensorFlow", known.tensorflow), ("Keras", known.keras))
        if version
    ]
    if known.backend not in (None, "tensorflow"):
        parts.append(f"{known.backend} backend")
    parts.append(f"{known.cpu_count} CPUs")
    parts += [device for device in known.devices if not device.startswith("CPU")]
    return ", ".join(parts)


def release(known: Environment) -> str:
    """Short names of TensorFlow and Keras of an environment.

    >>> release(Environment(tensorflow="2.21.0", keras="2.21.0", keras_root="tf_keras.src"))
    'TF 2.21.0, tf_keras 2.21.0'
    """
    package = (known.keras_root or "").partition(".")[0]
    parts = [f"TF {known.tensorflow}"] if known.tensorflow else []
    if known.keras:
        parts.append(f"{'tf_keras' if package == 'tf_keras' else 'Keras'} {known.keras}")
    return ", ".join(parts) or "unknown release"
