#: closer 1
import tarfile
import zipfile

from tiny import model, x

archive = zipfile.ZipFile("result.zip", "w")
archive.writestr(zipfile.ZipInfo("member"), b"content")
tape = tarfile.open("result.tar", "w")
tape.addfile(tarfile.TarInfo("empty"))
model.predict(x, verbose=0)
