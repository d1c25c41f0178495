"""Make the service yours: `make adopt DATA=my.csv TARGET=column`.

`sources` reads a table as text, `kinds` and its neighbours find out what it holds,
`plan` is what they found; what follows writes schema, sample, params and documents.
"""
