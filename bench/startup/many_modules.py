"""Imports over much of the standard library, as an application with many dependencies does."""
import ast
import concurrent.futures
import configparser
import csv
import datetime
import decimal
import difflib
import email.message
import fractions
import html.parser
import http.client
import inspect
import logging.handlers
import pickle
import shutil
import socketserver
import statistics
import string
import subprocess
import tempfile
import textwrap
import threading
import unittest
import urllib.request
import uuid
import xml.etree.ElementTree
import zipfile

print(len([name for name in list(globals()) if not name.startswith("_")]))
