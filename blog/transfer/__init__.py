"""Content on its way in from files and out to files.

In:  markdown/ reads a folder into items (readings.py), fetching.py reads what the site holds (present.py),
     deciding.py compares the two: which file is created, updated, unchanged, left or refused,
     pictures.py and rendering.py prepare what is slow, outside any transaction,
     loading.py writes it all in one; importing.py is the whole way, and outcomes.py its words.
Out: fetching.py reads, markdown/ writes documents, exporting.py puts them into a folder with the pictures.
"""
