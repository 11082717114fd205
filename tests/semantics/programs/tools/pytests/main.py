#: module pytest
#: arguments -p no:cacheprovider -q -s --no-header check_model.py
