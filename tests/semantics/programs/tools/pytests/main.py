#: module pytest
#: arguments -p no:cacheprovider -q -s --no-header check_model.py
#: only 3.11
# The environment of 3.12 has no pytest.
