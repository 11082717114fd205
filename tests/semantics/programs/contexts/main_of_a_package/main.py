#: module package.start
#: arguments one --two
