#: module unittest
#: arguments -v check_model
