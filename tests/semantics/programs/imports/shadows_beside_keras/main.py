from tiny import model, x
import statistics
import sched
import calculations
import fractions_of
import chunk

print("mine:", [module.MINE for module in (statistics, sched, calculations, fractions_of, chunk)])
print("result:", model.predict(x, verbose=0).tolist())
import wave

print("later:", wave.MINE)
