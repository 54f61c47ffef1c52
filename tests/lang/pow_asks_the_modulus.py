"""pow() with three operands asks the class of the modulus last, if that is written in C."""
from decimal import Decimal

for operands in ((2, 3, 5.0), (2, 3, 5j), (2, 3, Decimal(5)), (2, Decimal(3), 5), (2, 3, "x"), ("x", 2, Decimal(3)), (2, 3, [])):
    try:
        print(pow(*operands))
    except Exception as error:
        print(type(error).__name__, error)
