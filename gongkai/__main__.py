"""`python -m gongkai`, where the command is not on the path."""

from gongkai import main

main()
