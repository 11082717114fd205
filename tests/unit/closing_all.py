"""Closes all descriptors and uses their numbers, while a thread of the recorder reads and writes files."""

import ctypes  # noqa: F401 -- without it, files are used with functions of os
import os
import sys
import threading

from keras_profile.recorder.own_files import EMPTIED, names_of, read_file, write_file_whole


def main(folder):
    ends = threading.Event()
    written = []

    def recorder():
        while not ends.is_set():
            path = os.path.join(folder, "a")
            write_file_whole(path, EMPTIED, b"content")
            assert read_file(path) == b"content"
            assert names_of(folder) == ["a"]
            written.append(path)

    thread = threading.Thread(target=recorder)
    thread.start()
    rounds = 0
    while thread.is_alive() and (rounds < 40 or len(written) < 10):
        rounds += 1
        os.closerange(3, 200)
        pipes = [os.pipe() for _ in range(5)]
        for reading, writing in pipes:
            os.set_blocking(reading, False)
            os.write(writing, b"mine")
            assert os.read(reading, 100) == b"mine"
    ends.set()
    thread.join()
    print("files:", len(written) >= 10)


if __name__ == "__main__":
    main(sys.argv[1])
