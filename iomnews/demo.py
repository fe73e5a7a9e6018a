"""The demo account: a name and password that everyone may know, alive only while DEMO=on."""

NAME = "demo"
PASSWORD = "newsroom-demo"  # nosec B105 # everybody may know it
# How the SECRET_KEY begins that `make run` writes: it may have been shown to anybody.
SECRET_BEGINS = "demo-"  # nosec B105 # everybody may know it
