"""The demo account: a name and password that everyone may know, alive only while DEMO=on."""

NAME = "demo"
PASSWORD = "newsroom-demo"
