"""A simulated Excel for tests: xlwings' own Windows engine, unchanged, over pyOpenVBA's Excel in memory.

Nothing here is a real Excel. What it cannot do (charts, pictures, shapes, conditional formats, AutoFit) raises
``NotImplementedError`` or does nothing; ``dispatch`` says which.
"""
