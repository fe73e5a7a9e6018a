"""Search: Korean and English, the same on SQLite and on PostgreSQL.

    words       text -> tokens                            pure
    asking      what was typed -> what is asked for       pure
    engine      what is asked for -> each database's words
    index       the tokens of each release, kept in step with it
    finding     a search in the database: whom its names stand for, what it finds, in what order
    pages       what was found, counted and page by page
    marks       where the words stand in a text
    suggestions what somebody may be about to type

`ReleaseQuerySet.search` is the one door.
"""
