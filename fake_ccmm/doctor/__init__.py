"""What is wrong with an environment that fake-ccmm shall serve, or be reached, in: ``fake-ccmm doctor``.

``checks.examine`` runs every check of the table there on an ``Examination`` and yields what each found. Nothing here
needs an installed package to be imported, so that one that is missing can be told.
"""
