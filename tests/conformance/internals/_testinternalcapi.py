"""What test_class asks of CPython's _testinternalcapi, answered from Krait's objects; only that module gets it.

Asking for __dict__ moves a Krait object's attributes out of the object, so that three of its tests get another answer.
"""

from sys import _attributes_are_inline as has_inline_values
