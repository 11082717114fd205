import subprocess
import sys

code = "import time; time.sleep(2); open('late', 'w').write('written after the end')"
child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
print("started:", child.poll())
sys.stdout.flush()
child.returncode = 0
