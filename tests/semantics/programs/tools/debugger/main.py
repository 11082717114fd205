#: module pdb
#: arguments program.py
#: stdin b program.py:5\nc\nwhere\np first\nn\np result.shape\ns\nc\nq\n
