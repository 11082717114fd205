"""How an interpreter and its machine are put into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def machine(known: Mapping[str, Any]) -> str:
    """Versions and machine in one line."""
    parts = [f"Python {known['python']}"]
    parts += [
        f"{label} {known[key]}"
        for key, label in (("tensorflow", "TensorFlow"), ("keras", "Keras"))
        if known.get(key)
    ]
    if known.get("backend") not in (None, "tensorflow"):
        parts.append(f"{known['backend']} backend")
    parts.append(f"{known['cpu_count']} CPUs")
    parts += [device for device in known.get("devices", []) if not device.startswith("CPU")]
    return ", ".join(parts)


def release(known: Mapping[str, Any]) -> str:
    """TensorFlow and Keras of an environment, in few letters.

    >>> release({"tensorflow": "2.21.0", "keras": "2.21.0", "keras_root": "tf_keras.src"})
    'TF 2.21.0, tf_keras 2.21.0'
    """
    package = str(known.get("keras_root") or "").partition(".")[0]
    parts = [f"TF {known['tensorflow']}"] if known.get("tensorflow") else []
    if known.get("keras"):
        parts.append(f"{'tf_keras' if package == 'tf_keras' else 'Keras'} {known['keras']}")
    return ", ".join(parts) or "unknown release"
