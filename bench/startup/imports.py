"""A script that imports what larger programs import: asyncio, typing, dataclasses, re."""
import asyncio
import dataclasses
import re
import typing

print(asyncio.__name__, dataclasses.__name__, re.__name__, typing.__name__)
