"""``keras-profile`` as installed: unlike with ``-m``, the working folder is not looked in for modules."""

import sys

from keras_profile.cli import main

if __name__ == "__main__":
    sys.exit(main())
