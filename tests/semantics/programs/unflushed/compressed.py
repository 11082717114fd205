#: closer 1
import bz2
import gzip
import lzma

from tiny import model, x

packed = gzip.GzipFile("packed.gz", "wb", mtime=0)
packed.write(b"in gzip" * 50)
others = [bz2.open("packed.bz2", "wb"), lzma.open("packed.xz", "wb")]
for one in others:
    one.write(b"in others" * 50)
model.predict(x, verbose=0)
