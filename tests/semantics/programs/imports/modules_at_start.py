import sys

print("modules:", sorted(sys.modules))
print("path:", len(sys.path), sys.path[0] == __file__.rpartition("/")[0])
print("hooks:", len(sys.path_hooks), [getattr(finder, "__name__", finder) for finder in sys.meta_path])
print("cache:", len(sys.path_importer_cache))
