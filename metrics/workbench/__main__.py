"""`python -m metrics.workbench`: writes the manual and the JSON Schema of definitions anew."""

from metrics.workbench import manual

manual.write()
