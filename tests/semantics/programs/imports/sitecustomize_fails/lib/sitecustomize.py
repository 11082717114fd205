raise RuntimeError("customising failed")
