import sys

print("modules:", sorted(set(sys.modules) - {"sitecustomize"}))
print("sitecustomize:", "sitecustomize" in sys.modules)
print("path:", len(sys.path), sys.path[0] == __file__.rpartition("/")[0])
print("hooks:", len(sys.path_hooks), [one.__name__ for one in sys.meta_path if isinstance(one, type)])
print("finders:", len(sys.meta_path))
print("cache:", len(sys.path_importer_cache))
