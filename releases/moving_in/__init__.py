"""Moving in from another system by way of the desk: looked over first, then done, outside of any
request, by one process at a time that others go on for when it is gone.

`places` knows where the files lie and `sources` what they hold; `door` is the way in for all of
them, from the command line as well. `working` does the work under the lease of `pulse`, and
`starting` starts the process. What became of each item stands in `records`.
"""
