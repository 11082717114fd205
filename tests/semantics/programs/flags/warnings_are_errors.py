#: flags -W error -X tracemalloc
import tracemalloc
import warnings

print("tracing:", tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
print("filters:", [(kind, message, category.__name__) for kind, message, category, _, _ in warnings.filters])
try:
    warnings.warn("an error", UserWarning)
except UserWarning as error:
    print("raised:", error)
