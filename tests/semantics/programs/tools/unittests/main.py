#: module unittest
#: arguments -v check_model
# ``tiny`` is what the module that is named imports.
